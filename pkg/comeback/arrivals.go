package comeback

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// lingers is how long a server may list what it closes.
const lingers = int64(time.Minute)

// arrival is the begin of a connection.
type arrival struct {
	start int64
	// group is that of its own stop, if that is selected, or nowhere.
	group int
	// in: it was let in.
	in bool
}

const nowhere = -1

// newcomer is who was never met before: since when it is known, and whether it was let in.
type newcomer struct {
	start int64
	in    bool
	team  team
	who   int
}

// arrivals are what may follow the departures.
type arrivals struct {
	*names
	// number is that of each client that departed.
	number map[person]int
	// of are the arrivals of each of these, newest first; beginners are those who may
	// be newcomers.
	of        [][]arrival
	beginners []*newcomer
	// teams are those that newcomers matter for, newest first.
	teams map[team][]*newcomer
	// newcomers are those of others.
	newcomers map[person]*newcomer
	// apps are those of the departures by their codes, met the names that were there
	// before all departures.
	apps, met []bool
	// anywhere: of some departure nobody knows the account.
	anywhere bool
}

// arrivalsOf finds what may follow the departures, which are in the order in which
// they are kept, those that no record tells of last, and numbers their clients. Unrecorded
// are connections that ended without a record, and are not open any more.
func arrivalsOf(n *names, left []departure, list *listing, unrecorded ...departure) *arrivals {
	a := &arrivals{
		names: n, number: map[person]int{}, teams: map[team][]*newcomer{}, newcomers: map[person]*newcomer{},
		met: make([]bool, len(n.s.Symbols.Names)),
	}
	from := left[0].after
	for i := range left {
		d := &left[i]
		d.number = a.numberOf(d.who)
		from = min(from, d.after)
		a.anywhere = a.anywhere || d.who.account == anyone
		if more := int(d.app) + 1 - len(a.apps); more > 0 {
			a.apps = append(a.apps, make([]bool, more)...)
		}
		a.apps[d.app] = true
		if d.inTeam {
			a.teams[d.team()] = nil
		}
	}
	a.beginners = make([]*newcomer, len(a.of))
	a.readRecords(from, left, list)
	for _, d := range unrecorded {
		a.readDeparture(&d, a.departed(d.who))
	}
	a.readOpen(list)
	for _, known := range a.of {
		slices.SortFunc(known, func(x, y arrival) int { return cmp.Compare(y.start, x.start) })
	}
	a.join()
	return a
}

func (a *arrivals) numberOf(who person) int {
	number, known := a.number[who]
	if !known {
		number = len(a.of)
		a.number[who] = number
		a.of = append(a.of, nil)
	}
	return number
}

// departed is the number of a client, or nowhere if it did not depart.
func (a *arrivals) departed(who person) int {
	if number, departed := a.number[who]; departed {
		return number
	}
	return nowhere
}

// readRecords takes the arrivals of connections that stopped after from: what
// stopped before, began before.
func (a *arrivals) readRecords(from int64, left []departure, list *listing) {
	next := 0
	for number := range a.s.Kept {
		kept := &a.s.Kept[number]
		begin := kept.Table.Search(from)
		for part := range kept.Table.Spans(0, begin) {
			for _, name := range part.IDs[store.ColumnName][part.From:part.To] {
				a.met[name] = true
			}
		}
		row := begin - 1
		for part := range kept.Table.Spans(begin, kept.Table.Len()) {
			for i := part.From; i < part.To; i++ {
				row++
				if !a.left(a.names.apps.Codes[part.IDs[store.ColumnName][i]]) {
					continue
				}
				for next < len(left) && (left[next].kept < number || left[next].kept == number && left[next].row < row) {
					next++
				}
				if at := part.At[i]; at >= list.made-lingers {
					list.ended[connection{kept.ServerID, part.CID[i]}] = true
				}
				if next < len(left) && left[next].kept == number && left[next].row == row {
					a.readDeparture(&left[next], left[next].number)
				} else {
					a.readRecord(part.Row(i))
				}
			}
		}
	}
}

// left reports whether some client of an app departed.
func (a *arrivals) left(app uint32) bool { return int(app) < len(a.apps) && a.apps[app] }

// readDeparture takes the arrival of a connection that ended.
func (a *arrivals) readDeparture(d *departure, number int) {
	if d.start == 0 {
		return
	}
	came := arrival{d.start, d.group, d.in}
	a.come(d.who, number, came)
	if d.inTeam {
		a.meet(d.who, number, d.team(), came)
	}
}

func (a *arrivals) readRecord(one store.Row) {
	start, _ := one.Lifetime()
	if start.IsZero() {
		return
	}
	who := a.whose(one)
	number, came := a.departed(who), arrival{model.Nanos(start), nowhere, a.gotIn(one)}
	a.come(who, number, came)
	if t, is := a.team(who, one); is {
		a.meet(who, number, t, came)
	}
}

func (a *arrivals) readOpen(list *listing) {
	a.indexNames()
	for i := range list.open {
		c := &list.open[i]
		app, known := a.byApp.known[c.App]
		if !known || !a.left(app) || c.Start.IsZero() || !list.isOpen(c) {
			continue
		}
		who := person{account: a.byAccount.of(c.Account), name: a.byName.of(c.Name), user: anyone, ip: anyone}
		user := a.byUser.of(c.User)
		if c.Name == "" {
			who.user, who.ip = user, a.byIP.of(c.IP)
		}
		came := arrival{model.Nanos(c.Start), nowhere, c.Account != model.NotLoggedIn}
		number := a.departed(who)
		a.come(who, number, came)
		if c.Name != "" && c.Name != c.App {
			a.meet(who, number, team{who.account, app, user}, came)
		}
	}
}

// come notes an arrival of a client that departed, here or in an account unknown.
func (a *arrivals) come(who person, number int, came arrival) {
	if !came.in && came.group == nowhere {
		return
	}
	if number != nowhere {
		a.of[number] = append(a.of[number], came)
	}
	if a.anywhere && who.account != anyone {
		who.account = anyone
		if number = a.departed(who); number != nowhere {
			a.of[number] = append(a.of[number], came)
		}
	}
}

// meet notes who may be a newcomer: who was not there before all departures.
func (a *arrivals) meet(who person, number int, t team, came arrival) {
	if int(who.name) < len(a.met) && a.met[who.name] {
		return
	}
	var one *newcomer
	if number != nowhere {
		one = a.beginners[number]
	} else {
		one = a.newcomers[who]
	}
	if one == nil {
		one = &newcomer{start: came.start, team: t, who: number}
		if number != nowhere {
			a.beginners[number] = one
		} else {
			a.newcomers[who] = one
		}
	}
	one.start, one.in = min(one.start, came.start), one.in || came.in
}

// join has newcomers be of the teams that miss somebody.
func (a *arrivals) join() {
	for _, one := range slices.AppendSeq(a.beginners, maps.Values(a.newcomers)) {
		if one == nil || !one.in {
			continue
		}
		anywhere := one.team
		anywhere.account = anyone
		for _, t := range [...]team{one.team, anywhere} {
			if _, missed := a.teams[t]; missed {
				a.teams[t] = append(a.teams[t], one)
			}
			if t == anywhere {
				break
			}
		}
	}
	for _, all := range a.teams {
		slices.SortFunc(all, func(x, y *newcomer) int { return cmp.Compare(y.start, x.start) })
	}
}

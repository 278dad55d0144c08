package comeback

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/restart"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// Absence is a client that left with a server and was not seen again.
type Absence struct {
	// Event is the number of the event that it left with.
	Event int
	// What it was known by; its name is empty if it had none.
	Account, App, Name, User, IP string
	// Left is when it stopped or, where no record tells, when its server was last heard.
	Left time.Time
	// Recorded: a record of its stop is kept. Closed: it closed the connection itself;
	// Unbidden: when no notice can have been why.
	Recorded, Closed, Unbidden bool
	// MadeUp: its name is one that it may have made up, and says of no app.
	MadeUp bool
	// Of is how many clients of its app left with the event.
	Of int
}

// noRecord is where departures are kept that no record tells of.
const noRecord = math.MaxInt

// shortest is how long who is between two connections may stay away at least
// before that counts as coming and going.
const shortest = time.Minute

// Absent are the clients that left with the events of servers and were not seen
// since, for longer than patience: by their records and, where servers ended without
// any, by who was there. Apps of which about as many come and go by themselves are left
// out. There are none while some server does not tell who is connected now.
func Absent(s, open ledger.Snapshot, ended map[string]Present, events []restart.Event, patience time.Duration) []Absence {
	list := newListing(open)
	if len(events) == 0 || !list.listed || !list.complete {
		return nil
	}
	names := newNames(&s)
	names.indexNames()
	a := &absent{names: names, ended: ended, until: list.made - int64(patience)}
	for number, event := range events {
		for _, step := range event {
			a.leave(number, step)
		}
	}
	if len(a.left) == 0 {
		return nil
	}
	slices.SortStableFunc(a.left, func(x, y departure) int { return cmp.Or(cmp.Compare(x.kept, y.kept), cmp.Compare(x.row, y.row)) })
	came := arrivalsOf(names, a.left, &list, a.unrecorded()...)
	judge(slices.Clone(a.left), came, a)
	if len(a.missing) > 0 {
		a.missing = a.followed(a.missing, a.kin, &list)
	}
	if len(a.missing) == 0 {
		return nil
	}
	going, of := a.comeAndGo(a.missing, a.left, a.unrecorded(), &list, habitsOf(a.until, list.made, max(patience, shortest))), a.crews(a.left)
	missing := a.crews(a.missing)
	var found []Absence
	for _, d := range a.missing {
		who := crew{d.group, ownerOf(&d)}
		if away, goes := going[who.owner]; goes && missing[who] <= beyondHabit*away {
			continue
		}
		one := a.tell(d)
		one.Of, one.MadeUp = of[who], generated(one.Name, one.App)
		one.Unbidden = one.Closed && !events[d.group].Heeds(a.s.Kept[d.kept].ServerID, one.Left)
		found = append(found, one)
	}
	slices.SortFunc(found, func(x, y Absence) int {
		return cmp.Or(cmp.Compare(x.Event, y.Event), x.Left.Compare(y.Left), cmp.Compare(x.Name, y.Name), cmp.Compare(x.IP, y.IP),
			cmp.Compare(x.Account, y.Account), cmp.Compare(x.User, y.User))
	})
	return found
}

// beyondHabit is how many times as many are missing as ever went by themselves within an
// hour for that to be something else.
const beyondHabit = 2

// crew are the clients of an app that left with an event.
type crew struct {
	event int
	owner owner
}

// crews counts the clients that departed, each once.
func (a *absent) crews(departed []departure) map[crew]int {
	type member struct{ event, number int }
	counts, seen := map[crew]int{}, map[member]bool{}
	for i := range departed {
		d := &departed[i]
		if one := (member{d.group, d.number}); !seen[one] {
			seen[one] = true
			counts[crew{d.group, ownerOf(d)}]++
		}
	}
	return counts
}

// absent collects who left, and of them who is missing.
type absent struct {
	*names
	ended map[string]Present
	// clients are those of departures without a record, by row.
	clients []client
	left    []departure
	// until is when one must have left for it to count.
	until   int64
	missing []departure
}

// leave notes who left a server: whom it sent away, and who was there to the end.
func (a *absent) leave(event int, step restart.Step) {
	present := a.ended[step.Before.ServerID]
	recorded := make(map[uint64]bool, len(present.clients))
	for _, c := range present.clients {
		recorded[c.cid] = false
	}
	for number, kept := range a.s.Kept {
		if kept.ServerID != step.Before.ServerID {
			continue
		}
		for row := kept.Table.Search(model.Nanos(step.Leaving())); row < kept.Table.Len(); row++ {
			one := kept.Table.Get(row)
			// That a peer has vanished is noticed minutes later: no server sent it away.
			vanished := reason.Lookup(a.s.Symbols.Reasons[one.ID(store.ColumnReason)]).Category == reason.CategoryTimeout
			if a.isClient(one) && !vanished {
				d := a.departed(event, number, row)
				d.listed = d.at // It was there until its server sent it away.
				a.left = append(a.left, d)
			}
		}
		a.record(&kept.Table, recorded)
	}
	for _, c := range present.clients {
		if !recorded[c.cid] {
			a.left = append(a.left, a.wasThere(event, c, present.Made, step.Before.HeardUntil))
		}
	}
}

// record notes which of some connections a table has.
func (a *absent) record(t *store.Table, recorded map[uint64]bool) {
	if len(recorded) == 0 {
		return
	}
	for part := range t.Spans(0, t.Len()) {
		for _, cid := range part.CID[part.From:part.To] {
			if _, asked := recorded[cid]; asked {
				recorded[cid] = true
			}
		}
	}
}

// isClient reports whether a record is of a client that had got in.
func (n *names) isClient(one store.Row) bool {
	return n.gotIn(one) && n.s.Symbols.Profiles[one.ID(store.ColumnProfile)].Kind != model.KindLeafnode
}

// wasThere is the departure of a client that no record tells of: it was there when
// its server was listed last, and went with it after that was heard last.
func (a *absent) wasThere(event int, c client, made, heard time.Time) departure {
	d := departure{
		group: event, kept: noRecord, row: len(a.clients), in: true, start: nanosOf(c.start), listed: model.Nanos(made), app: a.byApp.of(c.app), user: a.byUser.of(c.user),
		who:   person{account: a.byAccount.of(c.account), name: a.byName.of(c.name), user: anyone, ip: anyone},
		after: following(c.start, model.Nanos(made)), at: max(model.Nanos(made), model.Nanos(heard)),
	}
	if c.name == "" {
		d.who.user, d.who.ip = d.user, a.byIP.of(c.ip)
	}
	d.inTeam = c.name != "" && c.name != c.app
	a.clients = append(a.clients, c)
	return d
}

// unrecorded are the departures that no record tells of.
func (a *absent) unrecorded() []departure {
	return slices.DeleteFunc(slices.Clone(a.left), func(d departure) bool { return d.kept != noRecord })
}

func (a *absent) back(*departure, int64) {}

func (a *absent) again(*departure, int64) {}

func (a *absent) alone(d *departure) {
	if d.at <= a.until {
		a.missing = append(a.missing, *d)
	}
}

func (a *absent) tell(d departure) Absence {
	found := Absence{Event: d.group, Left: model.Moment(d.at)}
	if d.kept == noRecord {
		c := a.clients[d.row]
		found.Account, found.App, found.Name, found.User, found.IP = c.account, c.app, c.name, c.user, c.ip
		return found
	}
	one, w := a.s.Kept[d.kept].Table.Get(d.row), &a.s.Symbols
	found.Recorded, found.Closed = true, w.Reasons[one.ID(store.ColumnReason)] == clientClosed
	found.Account = a.accounts.Values[a.accounts.Codes[one.ID(store.ColumnAccount)]]
	found.App, found.Name = a.apps.Values[d.app], w.Names[one.ID(store.ColumnName)]
	found.User, found.IP = w.Users[one.ID(store.ColumnUser)], w.IPs[one.ID(store.ColumnIP)]
	return found
}

// kin are those who may be the client of a departure, if its name may be made up.
func (a *absent) kin(d departure) (who kin, madeUp bool) {
	one := a.tell(d)
	return kin{one.Account, one.User, one.IP, len(one.Name)}, generated(one.Name, one.App)
}

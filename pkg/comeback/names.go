package comeback

import (
	"math"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// anyone stands for every account, and for a user or an address that does not matter.
const anyone = math.MaxUint32

// apart is how much two servers' clocks may differ after what is known to be wrong
// with them was taken out (decision D11).
const apart = 4 * time.Second

// person is who is taken for one client: a name in an account, or without a name
// a user at an address. Who was refused is of any account.
type person struct{ account, name, user, ip uint32 }

// team are the pods of an app.
type team struct{ account, app, user uint32 }

// departure is a selected stop.
type departure struct {
	group, kept, row int
	who              person
	// app and user are those of the client, inTeam tells whether it is one of several pods.
	app, user uint32
	inTeam    bool
	// in: it was let in.
	in bool
	// number is that of its client, once all are known.
	number int
	// after is when what follows it began at the earliest, at when it stopped.
	after, at int64
	// start is when the connection began, 0 where its server did not tell; listed is
	// when it is known to have been there last, or 0: who came before does not stand in.
	start, listed int64
}

// team is the one that the client is in, if it is in one.
func (d *departure) team() team { return team{d.who.account, d.app, d.user} }

// names number what clients are known by: as the symbols do, and on from there
// for what only open connections have.
type names struct {
	s                    *ledger.Snapshot
	accounts, apps       fields.Vocabulary
	unnamed, notLoggedIn uint32
	// homes are the accounts in which names were met that were refused, too.
	homes map[uint32]uint32

	byAccount, byApp, byName, byUser, byIP index
}

// index finds the number of a text.
type index struct {
	known map[string]uint32
	next  uint32
}

func newIndex(texts []string) index {
	i := index{make(map[string]uint32, len(texts)), uint32(len(texts))}
	for number, text := range texts {
		i.known[text] = uint32(number)
	}
	return i
}

func (i *index) of(text string) uint32 {
	number, known := i.known[text]
	if !known {
		number = i.next
		i.known[text] = number
		i.next++
	}
	return number
}

func newNames(s *ledger.Snapshot) *names {
	n := &names{
		s: s, homes: map[uint32]uint32{}, unnamed: anyone, notLoggedIn: anyone,
		accounts: fields.Of(fields.KeyAccount).Values(&s.Symbols, nil),
		apps:     fields.Of(fields.KeyApp).Values(&s.Symbols, nil),
	}
	for id, name := range s.Symbols.Names {
		if name == "" {
			n.unnamed = uint32(id)
		}
	}
	n.byAccount = newIndex(n.accounts.Values)
	if code, known := n.byAccount.known[model.NotLoggedIn]; known {
		n.notLoggedIn = code
	}
	return n
}

// whose is the client of a record.
func (n *names) whose(one store.Row) person {
	p := person{account: n.accounts.Codes[one.ID(store.ColumnAccount)], name: one.ID(store.ColumnName), user: anyone, ip: anyone}
	if p.name == n.unnamed {
		p.user, p.ip = one.ID(store.ColumnUser), one.ID(store.ColumnIP)
	}
	if p.account == n.notLoggedIn {
		p.account = anyone
		if home, known := n.homes[p.name]; known {
			p.account = home
		}
	}
	return p
}

// departed is the departure of a kept record.
func (n *names) departed(group, kept, row int) departure {
	one := n.s.Kept[kept].Table.Get(row)
	d := departure{
		group: group, kept: kept, row: row, who: n.whose(one), app: n.apps.Codes[one.ID(store.ColumnName)], user: one.ID(store.ColumnUser),
		in: n.gotIn(one), at: one.At(),
	}
	start, heard := one.Lifetime()
	last := one.At()
	if !heard.IsZero() {
		last = min(last, model.Nanos(heard))
	}
	d.after, d.start = following(start, last), nanosOf(start)
	_, d.inTeam = n.team(d.who, one)
	return d
}

// gotIn reports whether a record is of a client that had logged in.
func (n *names) gotIn(one store.Row) bool {
	return n.accounts.Codes[one.ID(store.ColumnAccount)] != n.notLoggedIn
}

// nanosOf are 0 for a time that is not known.
func nanosOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return model.Nanos(t)
}

// following is when what follows a connection began at the earliest, that began at
// start and was heard of last at a time.
func following(start time.Time, last int64) int64 {
	after := last - int64(apart)
	if !start.IsZero() {
		// Nothing follows itself.
		after = max(after, model.Nanos(start)+1)
	}
	return after
}

// settle finds the accounts of those that were refused, if their names are of one
// only: a client whose login was revoked is the one that was there before.
func (n *names) settle(left []departure, list *listing) {
	refused := map[uint32]bool{}
	for _, d := range left {
		if d.who.account == anyone && d.who.name != n.unnamed {
			refused[d.who.name] = true
		}
	}
	if len(refused) == 0 {
		return
	}
	meet := func(name, account uint32) {
		if !refused[name] || account == n.notLoggedIn {
			return
		}
		if home, known := n.homes[name]; known && home != account {
			account = anyone
		}
		n.homes[name] = account
	}
	for _, kept := range n.s.Kept {
		for part := range kept.Table.Spans(0, kept.Table.Len()) {
			for i := part.From; i < part.To; i++ {
				meet(part.IDs[store.ColumnName][i], n.accounts.Codes[part.IDs[store.ColumnAccount][i]])
			}
		}
	}
	n.indexNames()
	for i := range list.open {
		if name, known := n.byName.known[list.open[i].Name]; known {
			meet(name, n.byAccount.of(list.open[i].Account))
		}
	}
	for i := range left {
		if home, known := n.homes[left[i].who.name]; known && left[i].who.account == anyone {
			left[i].who.account = home
		}
	}
}

// indexNames has names found by their texts.
func (n *names) indexNames() {
	if n.byName.known == nil {
		n.byApp, n.byName = newIndex(n.apps.Values), newIndex(n.s.Symbols.Names)
		n.byUser, n.byIP = newIndex(n.s.Symbols.Users), newIndex(n.s.Symbols.IPs)
	}
}

// team is the one of a record's client; it has none if it is called as its app is.
func (n *names) team(who person, one store.Row) (team, bool) {
	name := one.ID(store.ColumnName)
	app := n.apps.Codes[name]
	t := team{who.account, app, one.ID(store.ColumnUser)}
	return t, name != n.unnamed && n.apps.Values[app] != n.s.Symbols.Names[name]
}

package facts

import (
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// clientClosed is the reason of most stops of a healthy system: they are summed
// up rather than listed.
const clientClosed = "Client Closed"

// New arranges what the snapshot knows of stops and servers, and the open
// connections that were listed last.
func New(s ledger.Snapshot, beside Beside, c *reason.Classifier) *Facts {
	w := &s.Symbols
	f := &Facts{
		Stops: map[reason.Category][]*Stop{}, Lives: s.Lives, Snapshot: s, Beside: beside, kept: s.Kept, symbols: w, apps: map[who]*App{},
		servers: namesOf(w, fields.KeyServer, c), account: namesOf(w, fields.KeyAccount, c), app: namesOf(w, fields.KeyApp, c),
	}
	f.users, f.latest = make([]presence, len(w.Users)), make([]*App, len(w.Names))
	for _, text := range w.Reasons {
		f.reasons, f.listed = append(f.reasons, c.Reason(text)), append(f.listed, text != clientClosed)
	}
	f.read(s.Kept)
	f.Open = newOpen(beside.Open.Open)
	return f
}

func namesOf(w *store.Symbols, key fields.Key, c *reason.Classifier) names {
	v := fields.Of(key).Values(w, c)
	return names{v.Codes, v.Values}
}

// read goes through all kept stops once.
func (f *Facts) read(kept []ledger.Kept) {
	tables := map[reason.Category][][]*Stop{}
	for _, k := range kept {
		lists := f.emptyLists()
		for part := range k.Table.Spans(0, k.Table.Len()) {
			f.readSpan(&part, lists)
		}
		for category, list := range byCategory(lists, f.reasons) {
			tables[category] = append(tables[category], list)
		}
	}
	for category, lists := range tables {
		f.Stops[category] = inOrder(lists)
	}
}

// list is of one category of reasons.
type list struct{ stops []*Stop }

// emptyLists are by reason; those of a category share one.
func (f *Facts) emptyLists() []*list {
	shared := map[reason.Category]*list{}
	lists := make([]*list, len(f.reasons))
	for id := range f.reasons {
		category := f.reasons[id].Category
		if shared[category] == nil {
			shared[category] = &list{}
		}
		lists[id] = shared[category]
	}
	return lists
}

func byCategory(lists []*list, reasons []reason.Reason) map[reason.Category][]*Stop {
	found := map[reason.Category][]*Stop{}
	for id, list := range lists {
		if len(list.stops) > 0 {
			found[reasons[id].Category] = list.stops
		}
	}
	return found
}

func (f *Facts) readSpan(s *store.Span, lists []*list) {
	room := 0
	for _, id := range s.IDs[store.ColumnReason][s.From:s.To] {
		if f.listed[id] {
			room++
		}
	}
	stops := make([]Stop, 0, room)
	for i := s.From; i < s.To; i++ {
		id := s.IDs[store.ColumnReason][i]
		began, told := s.Started(i)
		if !told {
			began = 0
		}
		if f.gotIn(&f.reasons[id], f.account.code(s.IDs[store.ColumnAccount][i])) {
			f.see(s, i, began)
		}
		if f.listed[id] {
			stops = append(stops, f.stopAt(s, i, began))
			lists[id].stops = append(lists[id].stops, &stops[len(stops)-1])
		}
	}
}

func (f *Facts) stopAt(s *store.Span, i int, began int64) Stop {
	profile, name := s.IDs[store.ColumnProfile][i], s.IDs[store.ColumnName][i]
	return Stop{
		At: s.At[i], Began: began, Pending: s.Pending[i], Reason: s.IDs[store.ColumnReason][i],
		Account: f.account.code(s.IDs[store.ColumnAccount][i]), App: f.app.code(name),
		Server: f.servers.code(profile), Name: name, User: s.IDs[store.ColumnUser][i],
		IP: s.IDs[store.ColumnIP][i], MQTT: s.IDs[store.ColumnMQTT][i], profile: profile,
	}
}

// inOrder are all stops of lists that are in the order of time, in that order.
func inOrder(lists [][]*Stop) []*Stop {
	if len(lists) == 1 {
		return lists[0]
	}
	half := len(lists) / 2
	return merged(inOrder(lists[:half]), inOrder(lists[half:]))
}

// merged is both lists in the order of time.
func merged(a, b []*Stop) []*Stop {
	all := make([]*Stop, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if b[0].At < a[0].At {
			all, b = append(all, b[0]), b[1:]
		} else {
			all, a = append(all, a[0]), a[1:]
		}
	}
	return append(append(all, a...), b...)
}

// see notes a stop of a connection that had got in.
func (f *Facts) see(s *store.Span, i int, began int64) {
	at := s.At[i]
	app := f.appOf(s.IDs[store.ColumnName][i], f.account.code(s.IDs[store.ColumnAccount][i]), at)
	f.users[s.IDs[store.ColumnUser][i]].note(began, at)
	app.newest = max(app.newest, began)
	app.Identified = app.Identified || f.symbols.Profiles[s.IDs[store.ColumnProfile][i]].Identified
	app.Last = max(app.Last, at)
	app.First = min(app.First, at)
	if began > 0 {
		app.First = min(app.First, began)
	}
	number := at / minute
	if n := len(app.Minutes); n == 0 || app.Minutes[n-1].Number != number {
		app.Minutes = append(app.Minutes, Minute{Number: number})
	}
	m := &app.Minutes[len(app.Minutes)-1]
	m.Stopped++
	m.Last = at
	if !f.listed[s.IDs[store.ColumnReason][i]] {
		m.Closed++
		if began > 0 && at-began < short {
			m.Short++
		}
	}
}

// appOf is the app of a name of an account. Mostly a name is of one account only,
// and then it is found without a look into a map.
func (f *Facts) appOf(name, account uint32, at int64) *App {
	if app := f.latest[name]; app != nil && app.account == account {
		return app
	}
	key := who{account, f.app.code(name)}
	app := f.apps[key]
	if app == nil {
		app = &App{Account: f.account.values[account], Name: f.app.values[key.app], First: at, account: account, app: key.app}
		f.apps[key], f.Apps = app, append(f.Apps, app)
	}
	f.latest[name] = app
	return app
}

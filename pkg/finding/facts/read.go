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
		Stops: map[reason.Category][]Stop{}, Lives: s.Lives, Snapshot: s, Beside: beside, kept: s.Kept, symbols: w, apps: map[who]*App{},
		servers: namesOf(w, fields.KeyServer, c), account: namesOf(w, fields.KeyAccount, c), app: namesOf(w, fields.KeyApp, c),
	}
	f.users = make([]presence, len(w.Users))
	for _, text := range w.Reasons {
		f.reasons = append(f.reasons, c.Reason(text))
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
	lists := make([][]Stop, len(f.reasons))
	for _, k := range kept {
		fresh := make([][]Stop, len(f.reasons))
		for part := range k.Table.Spans(0, k.Table.Len()) {
			f.readSpan(part, fresh)
		}
		for id := range fresh {
			lists[id] = merged(lists[id], fresh[id])
		}
	}
	for id, list := range lists {
		if category := f.reasons[id].Category; len(list) > 0 {
			f.Stops[category] = merged(f.Stops[category], list)
		}
	}
}

func (f *Facts) readSpan(s store.Span, lists [][]Stop) {
	for i := s.From; i < s.To; i++ {
		id := s.IDs[store.ColumnReason][i]
		why := &f.reasons[id]
		began, told := s.Started(i)
		if !told {
			began = 0
		}
		if f.gotIn(why, f.account.code(s.IDs[store.ColumnAccount][i])) {
			f.see(&s, i, began, why)
		}
		if why.Text == clientClosed {
			continue
		}
		profile := s.IDs[store.ColumnProfile][i]
		lists[id] = append(lists[id], Stop{
			At: s.At[i], Began: began, Pending: s.Pending[i], Reason: id,
			Account: f.account.code(s.IDs[store.ColumnAccount][i]), App: f.app.code(s.IDs[store.ColumnName][i]),
			Server: f.servers.code(profile), Name: s.IDs[store.ColumnName][i], User: s.IDs[store.ColumnUser][i],
			IP: s.IDs[store.ColumnIP][i], MQTT: s.IDs[store.ColumnMQTT][i], profile: profile,
		})
	}
}

// merged is both lists in the order of time.
func merged(a, b []Stop) []Stop {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	all := make([]Stop, 0, len(a)+len(b))
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
func (f *Facts) see(s *store.Span, i int, began int64, why *reason.Reason) {
	key := who{f.account.code(s.IDs[store.ColumnAccount][i]), f.app.code(s.IDs[store.ColumnName][i])}
	app := f.apps[key]
	at := s.At[i]
	if app == nil {
		app = &App{Account: f.account.values[key.account], Name: f.app.values[key.app], First: at, account: key.account, app: key.app}
		f.apps[key], f.Apps = app, append(f.Apps, app)
	}
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
	if why.Text == clientClosed {
		m.Closed++
		if began > 0 && at-began < short {
			m.Short++
		}
	}
}

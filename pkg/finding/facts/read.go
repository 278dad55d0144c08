package facts

import (
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/restart"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// clientClosed is the reason of most stops of a healthy system: they are summed
// up rather than listed.
const clientClosed = "Client Closed"

// New arranges what the snapshot knows of stops and servers, and the open
// connections that were listed last. Servers of a cluster that restart inTurn belong
// together.
func New(s ledger.Snapshot, beside Beside, c *reason.Classifier, inTurn time.Duration) *Facts {
	w := &s.Symbols
	f := &Facts{
		Stops: map[reason.Category][]*Stop{}, Lives: s.Lives, Snapshot: s, Beside: beside, kept: s.Kept, symbols: w,
		servers: namesOf(w, fields.KeyServer, c), account: namesOf(w, fields.KeyAccount, c), app: namesOf(w, fields.KeyApp, c),
		nameless: slices.Index(w.Names, ""),
		past:     past{byWho: map[who]*App{}, users: make([]presence, len(w.Users)), begun: make([]int64, len(w.Names)), latest: make([]*App, len(w.Names))},
	}
	for _, text := range w.Reasons {
		f.reasons, f.listed = append(f.reasons, c.Reason(text)), append(f.listed, text != clientClosed)
	}
	f.shared = make([]bool, len(w.Names))
	for number, name := range w.Names {
		f.shared[number] = f.app.values[f.app.code(uint32(number))] == name
	}
	f.counts = make([]int, len(f.reasons))
	f.past.summing.Go(f.sumUp)
	var parts guard.Group
	parts.Go(f.readStops)
	parts.Go(func() { f.Restarts = restart.Find(s, inTurn) })
	parts.Go(func() { f.Open = newOpen(beside.Open.Open) })
	parts.Wait()
	return f
}

func namesOf(w *store.Symbols, key fields.Key, c *reason.Classifier) names {
	v := fields.Of(key).Values(w, c)
	return names{v.Codes, v.Values}
}

// readStops lists the stops that are listed.
func (f *Facts) readStops() {
	tables := map[reason.Category][][]*Stop{}
	for _, k := range f.kept {
		lists := f.listsFor(&k.Table)
		for part := range k.Table.Spans(0, k.Table.Len()) {
			for i := part.From; i < part.To; i++ {
				if f.listed[part.IDs[store.ColumnReason][i]] {
					lists.add(f.stopAt(&part, i))
				}
			}
		}
		for category, list := range lists.byCategory {
			tables[category] = append(tables[category], list.stops)
		}
	}
	for category, lists := range tables {
		f.Stops[category] = Merged(lists...)
	}
}

// lists take the stops of a table.
type lists struct {
	byReason   []*list
	byCategory map[reason.Category]*list
	// room is for all stops together.
	room []Stop
}

// list is of one category of reasons.
type list struct {
	count int
	stops []*Stop
}

// listsFor have room for all stops of a table that are listed.
func (f *Facts) listsFor(t *store.Table) *lists {
	counts, total := make([]int, len(f.reasons)), 0
	for part := range t.Spans(0, t.Len()) {
		for _, id := range part.IDs[store.ColumnReason][part.From:part.To] {
			counts[id]++
		}
	}
	all := &lists{byReason: make([]*list, len(f.reasons)), byCategory: map[reason.Category]*list{}}
	for id, count := range counts {
		if !f.listed[id] || count == 0 {
			continue
		}
		category := f.reasons[id].Category
		if all.byCategory[category] == nil {
			all.byCategory[category] = &list{}
		}
		all.byReason[id] = all.byCategory[category]
		all.byReason[id].count += count
		f.counts[id] += count
		total += count
	}
	for _, one := range all.byCategory {
		one.stops = make([]*Stop, 0, one.count)
	}
	all.room = make([]Stop, 0, total)
	return all
}

func (l *lists) add(s Stop) {
	l.room = append(l.room, s)
	one := l.byReason[s.Reason]
	one.stops = append(one.stops, &l.room[len(l.room)-1])
}

func (f *Facts) stopAt(s *store.Span, i int) Stop {
	profile, name := s.IDs[store.ColumnProfile][i], s.IDs[store.ColumnName][i]
	return Stop{
		At: s.At[i], Pending: s.Pending[i], Reason: s.IDs[store.ColumnReason][i],
		Account: f.account.code(s.IDs[store.ColumnAccount][i]), App: f.app.code(name),
		Server: f.servers.code(profile), Name: name, User: s.IDs[store.ColumnUser][i],
		IP: s.IDs[store.ColumnIP][i], MQTT: s.IDs[store.ColumnMQTT][i], profile: profile,
	}
}

// Apps are what is known of each app of each account, in the order of the first
// record.
func (f *Facts) Apps() []*App {
	f.past.summing.Wait()
	return f.past.apps
}

// sumUp sums up connections that had got in by whose they were.
func (f *Facts) sumUp() {
	for _, k := range f.kept {
		for part := range k.Table.Spans(0, k.Table.Len()) {
			for i := part.From; i < part.To; i++ {
				why, account := part.IDs[store.ColumnReason][i], part.IDs[store.ColumnAccount][i]
				if f.gotIn(&f.reasons[why], f.account.code(account)) {
					f.see(&part, i)
				}
			}
		}
	}
}

// see notes a stop of a connection that had got in.
func (f *Facts) see(s *store.Span, i int) {
	at := s.At[i]
	began, told := s.Started(i)
	if !told {
		began = 0
	}
	app := f.appOf(s.IDs[store.ColumnName][i], f.account.code(s.IDs[store.ColumnAccount][i]), at)
	f.past.users[s.IDs[store.ColumnUser][i]].note(began, at)
	app.newest = max(app.newest, began)
	name := s.IDs[store.ColumnName][i]
	f.past.begun[name] = max(f.past.begun[name], began)
	app.Identified = app.Identified || f.symbols.Profiles[s.IDs[store.ColumnProfile][i]].Identified
	app.Last = max(app.Last, at)
	app.First = min(app.First, at)
	if began > 0 {
		app.First = min(app.First, began)
	}
	number := at / minute
	if n := len(app.Minutes); n == 0 || app.Minutes[n-1].Number != number {
		if n == cap(app.Minutes) {
			// An app that is met again and again has hundreds: few steps lead there.
			app.Minutes = slices.Grow(app.Minutes, 3*n)
		}
		app.Minutes = append(app.Minutes, Minute{Number: number})
	}
	m := &app.Minutes[len(app.Minutes)-1]
	m.Stopped++
	m.Last = max(m.Last, at)
	if !f.listed[s.IDs[store.ColumnReason][i]] {
		m.Closed++
		if began > 0 && at-began < short {
			m.Short++
			app.Short++
		}
	}
}

// appOf is the app of a name of an account. Mostly a name is of one account only,
// and then it is found without a look into a map.
func (f *Facts) appOf(name, account uint32, at int64) *App {
	if app := f.past.latest[name]; app != nil && app.account == account {
		return app
	}
	key := who{account, f.app.code(name)}
	app := f.past.byWho[key]
	if app == nil {
		app = &App{Account: f.account.values[account], Name: f.app.values[key.app], First: at, account: account, app: key.app}
		f.past.byWho[key], f.past.apps = app, append(f.past.apps, app)
	}
	f.past.latest[name] = app
	return app
}

package ledger

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/account"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/clock"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// Merge takes what the servers answered and returns everything known now. It
// takes the readings over and completes their open connections. Whoever
// subscribed was told of it when it returns.
func (l *Ledger) Merge(readings []model.Reading) Snapshot {
	s := l.merge(readings)
	l.publish()
	return s
}

func (l *Ledger) merge(readings []model.Reading) Snapshot {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	clocks := l.translate(readings)
	l.accounts = l.accounts.Learn(readings)
	for i := range readings {
		l.complete(&readings[i])
	}
	answered := answeredIDs(readings)
	var rings []RingNews
	for i, reading := range readings {
		if reading.Err != nil {
			l.last[reading.Endpoint] = l.last[reading.Endpoint].keepsSilent(now)
			continue
		}
		l.last[reading.Endpoint] = l.last[reading.Endpoint].answers(reading.Server, now)
		h := l.processes[reading.Server.ID]
		if (h == nil || h.unread()) && reading.Ring == model.RingRead {
			h = l.meet(reading, clocks[i], answered)
		}
		if h == nil || h.unread() && reading.Ring != model.RingRead {
			// Nothing is kept of a process whose ring was not read.
			continue
		}
		h.touched = now
		switch reading.Ring {
		case model.RingRead:
			fresh, confirmed := h.add(reading, clocks[i], l.packer(store.Place{ID: h.place, Server: reading.Server.Name, Cluster: reading.Server.Cluster}))
			rings = append(rings, RingNews{Server: reading.Server, Stops: h.tell(fresh), Confirmed: confirmed, Recalled: h.recalled})
		case model.RingUnchanged:
			h.confirm(reading, clocks[i])
		case model.RingNotAsked:
		}
	}
	advised := l.supplement(answered, now)
	for i := range rings {
		h := l.processes[rings[i].Server.ID]
		h.books, rings[i].Gaps = h.books.News()
		rings[i].Gaps = less(rings[i].Gaps, &h.advised)
	}
	rings = append(rings, advised...)
	l.evict(now)
	s, labels := l.snapshot(readings, answered)
	l.merges++
	s.Merge = l.merges
	for i := range rings {
		rings[i].Label = labels[l.processes[rings[i].Server.ID].place]
	}
	l.queue = append(l.queue, News{At: now, Snapshot: s, Rings: rings, Kept: l.kept(), accounts: l.accounts, apps: l.apps})
	return s
}

func (l *Ledger) snapshot(readings []model.Reading, answered map[string]bool) (Snapshot, map[placeID]string) {
	var s Snapshot
	for _, reading := range readings {
		if reading.Repeated {
			s.Repeated = append(s.Repeated, reading.Err)
			continue
		}
		s.Servers = append(s.Servers, l.state(reading, answered))
	}
	labels := l.label(s.Servers, answered)
	countUnlisted(s.Servers)
	for i := range s.Servers {
		s.Servers[i].Beside = l.beside(s.Servers[i], answered, labels)
	}
	number := 0
	for _, reading := range readings {
		if reading.Repeated {
			continue
		}
		for i := range reading.Open {
			reading.Open[i].Server = s.Servers[number].Label
		}
		s.Open = append(s.Open, reading.Open...)
		number++
	}
	for _, id := range slices.Sorted(maps.Keys(l.processes)) {
		if h := l.processes[id]; h.kept.Len() > 0 {
			s.Kept = append(s.Kept, Kept{id, h.kept})
		}
	}
	s.Symbols = l.symbols.Symbols(l.naming(labels))
	s.Accounts = l.accounts
	s.Held = make(map[string]Held, len(l.processes))
	for id, h := range l.processes {
		if h.unread() {
			continue
		}
		s.Held[id] = Held{Since: h.since(), Began: h.server.Start, Label: labels[h.place], Place: h.origin}
	}
	s.Lives = l.lives(labels)
	return s, labels
}

// lives are in the order in which the processes began.
func (l *Ledger) lives(labels map[placeID]string) []Life {
	lives := make([]Life, 0, len(l.processes))
	for _, id := range slices.Sorted(maps.Keys(l.processes)) {
		h := l.processes[id]
		if h.unread() {
			continue
		}
		life := Life{
			ServerID: id, Label: labels[h.place], Cluster: h.server.Cluster, Version: h.server.Version,
			Began: h.server.Start, HeardUntil: h.server.Now,
		}
		if life.Began.IsZero() {
			life.Began = h.firstReadAt
		}
		if h.former != nil {
			life.Former = h.former.server.ID
		}
		lives = append(lives, life)
	}
	slices.SortStableFunc(lives, func(a, b Life) int { return a.Began.Compare(b.Began) })
	return lives
}

func (l *Ledger) state(reading model.Reading, answered map[string]bool) ServerState {
	state := ServerState{
		Endpoint: reading.Endpoint,
		Server:   reading.Server,
		Answered: reading.Err == nil,
		Err:      reading.Err,
		Asked:    reading.Asked,
		Listed:   reading.Err == nil && reading.Open != nil && reading.OpenMore == 0,
		OpenAt:   cmp.Or(reading.OpenAt, reading.Server.Now),
		Flaws:    reading.Flaws,
		OpenMore: reading.OpenMore,

		ClockOffset: reading.ClockOffset,
	}
	if !state.Answered && state.Server.ID == "" {
		// Who answers elsewhere is not missing here.
		if last := l.last[reading.Endpoint].server; !answered[last.ID] {
			state.Server = last
		}
	}
	if state.HeardAt = l.last[reading.Endpoint].at; state.Answered {
		state.Formerly = l.last[reading.Endpoint].formerly(reading.Endpoint, l.now())
	}
	if h := l.processes[state.Server.ID]; h != nil && !h.unread() {
		state.HeardAt, state.Server.Start = h.touched, h.server.Start
		state.Coverage = h.coverage()
		if !state.Answered {
			state.Server = h.server
		}
		if reading.Ring == model.RingUnchanged {
			state.Flaws = h.flaws
		}
	}
	if state.Server.Name == "" {
		state.Server.Name = reading.Endpoint
	}
	return state
}

// label says who is who, and returns the labels of all places.
func (l *Ledger) label(states []ServerState, answered map[string]bool) map[placeID]string {
	seats := l.seats()
	places := make([]placeID, len(states))
	for i := range states {
		if states[i].Server.ID != "" {
			places[i] = l.placeOf(states[i].Server, states[i].Endpoint, answered, seats)
		}
	}
	labels := labels(seats)
	for i := range states {
		states[i].Label = states[i].Server.Name
		if label, known := labels[places[i]]; known {
			states[i].Label = label
		}
	}
	return labels
}

// translate moves the readings' times to our clock (decision D11), and returns
// the clock of each.
func (l *Ledger) translate(readings []model.Reading) []clock.Clock {
	clocks := make([]clock.Clock, len(readings))
	for i := range readings {
		if readings[i].Err != nil {
			continue
		}
		var known clock.Clock
		var until time.Time
		if h := l.processes[readings[i].Server.ID]; h != nil {
			known, until = h.clock, h.server.Now.Add(-books.WrittenLate)
		}
		clocks[i] = known.Measure(readings[i])
		clocks[i].Translate(&readings[i], until)
	}
	return clocks
}

// complete says of each connection what its server does not: what people call
// the account, and whether it is one at all (decision D7).
func (l *Ledger) complete(reading *model.Reading) {
	Complete(reading.Closed)
	for i := range reading.Open {
		c := &reading.Open[i]
		c.Cluster, c.Name = reading.Server.Cluster, c.Called()
		c.App = l.apps.App(c.Name)
		c.Account = l.accounts.Of(store.Account{Reported: c.Account, ID: c.AccountID})
		if account.NeverLoggedIn(c, false) {
			c.Account = model.NotLoggedIn
		}
	}
}

// Complete says of stops what [Ledger.Merge] does of those that it takes.
func Complete(stops []model.Stop) {
	for i := range stops {
		s := &stops[i]
		s.Name = s.Called()
		if account.NeverLoggedIn(&s.Connection, reason.Lookup(s.Reason).BeforeLogin) {
			s.Account = model.NotLoggedIn
		}
	}
}

func (l *Ledger) packer(place store.Place) packer {
	return func(s *model.Stop, arena *[]byte) store.Row { return l.symbols.Row(s, place, arena) }
}

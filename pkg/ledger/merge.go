package ledger

import (
	"time"

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
			continue
		}
		l.last[reading.Endpoint] = heard{reading.Server, now}
		h := l.processes[reading.Server.ID]
		if h == nil && reading.Ring == model.RingRead {
			h = l.meet(reading, clocks[i], answered)
		}
		if h == nil {
			// Nothing is kept of a process whose ring was not read.
			continue
		}
		h.touched = now
		switch reading.Ring {
		case model.RingRead:
			fresh := h.add(reading, clocks[i], l.packer(store.Place{ID: h.place, Server: reading.Server.Name, Cluster: reading.Server.Cluster}))
			ring := RingNews{Server: reading.Server, Stops: fresh}
			h.books, ring.Gaps = h.books.news()
			rings = append(rings, ring)
		case model.RingUnchanged:
			h.confirm(reading, clocks[i])
		case model.RingNotAsked:
		}
	}
	l.evict(now)
	s, labels := l.snapshot(readings, answered)
	for i := range rings {
		rings[i].Label = labels[l.processes[rings[i].Server.ID].place]
	}
	l.queue = append(l.queue, News{Rings: rings, Kept: l.kept(), accounts: l.accounts})
	return s
}

// translate moves the readings' times to our clock (decision D11), and returns
// the clock of each.
func (l *Ledger) translate(readings []model.Reading) []clock {
	clocks := make([]clock, len(readings))
	for i := range readings {
		if readings[i].Err != nil {
			continue
		}
		var known clock
		var until time.Time
		if h := l.processes[readings[i].Server.ID]; h != nil {
			known, until = h.clock, h.server.Now
		}
		clocks[i] = known.measure(readings[i])
		clocks[i].translate(&readings[i], until)
	}
	return clocks
}

// complete says of each connection what its server does not: what people call
// the account, and whether it is one at all (decision D7).
func (l *Ledger) complete(reading *model.Reading) {
	for i := range reading.Closed {
		s := &reading.Closed[i]
		s.Name = s.Called()
		if s.Account == model.GlobalAccount && (!s.Identified() || reason.Lookup(s.Reason).BeforeLogin) {
			s.Account = model.NotLoggedIn
		}
	}
	for i := range reading.Open {
		c := &reading.Open[i]
		c.Cluster, c.Name = reading.Server.Cluster, c.Called()
		c.App = l.apps.App(c.Name)
		c.Account = l.accounts.Of(store.Account{Reported: c.Account, ID: c.AccountID})
		if c.Account == model.GlobalAccount && !c.Identified() {
			c.Account = model.NotLoggedIn
		}
	}
}

func (l *Ledger) packer(place store.Place) packer {
	return func(s *model.Stop, arena *[]byte) store.Row { return l.symbols.Row(s, place, arena) }
}

package chronicle

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

const (
	// mostEvents bounds what is kept, the newest.
	mostEvents = 10_000
	// clockOff is how far a server's clock is off before that is an event, as it is
	// before that is a notice.
	clockOff = 10 * time.Second
	// shutdown is the reason of stops while a server sends its clients away
	// (nats-server.md#lame-duck-silences-the-system-account).
	shutdown = "Server Shutdown"
)

// Chronicle is told what a ledger learned, and keeps what that says of servers. It
// is safe for concurrent use.
type Chronicle struct {
	mu      sync.Mutex
	servers map[string]*server // by label
	tracks  map[string]*track  // by label
	events  []*Event
	number  int
}

// server is what is known of a server, whichever process runs in its place.
type server struct {
	now model.Server
	// heard is when it answered last.
	heard time.Time
	// silent, clock are what goes on; nil if nothing does.
	silent, clock *Event
	// leaving is the id of the process that sends its clients away.
	leaving string
}

// New makes an empty chronicle.
func New() *Chronicle { return &Chronicle{servers: map[string]*server{}, tracks: map[string]*track{}} }

// Tell is told what a ledger learned, in order.
func (c *Chronicle) Tell(news ledger.News) {
	c.mu.Lock()
	defer c.mu.Unlock()
	open := openBy(news.Snapshot.Open)
	for i := range news.Snapshot.Servers {
		state := &news.Snapshot.Servers[i]
		c.hear(state, news.At)
		c.track(state.Label).note(state, open[state.Label], news.At)
	}
	c.forget(news)
	for _, ring := range news.Rings {
		c.hearRing(ring)
	}
	for label, t := range c.tracks {
		if n := len(t.reads.slots); t.reads.slots[n-1] < slotOf(news.At)-int64(mostSlots) {
			delete(c.tracks, label)
		}
	}
	if more := len(c.events) - mostEvents; more > 0 {
		c.events = slices.Delete(c.events, 0, more)
	}
}

// Events are those of the servers that are wanted and of a range, the newest first.
func (c *Chronicle) Events(r model.TimeRange, wanted func(Event) bool) []Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []Event
	for _, e := range c.events {
		if e.touches(r) && wanted(*e) {
			found = append(found, *e)
		}
	}
	slices.SortFunc(found, func(a, b Event) int { return cmp.Or(b.From.Compare(a.From), cmp.Compare(b.Number, a.Number)) })
	return found
}

// Slow are the events of connections between servers that were slow consumers, the
// oldest first.
func (c *Chronicle) Slow() []Event {
	found := c.Events(model.TimeRange{To: time.Unix(1<<40, 0)}, func(e Event) bool { return e.Kind == FabricSlow })
	slices.Reverse(found)
	return found
}

// openBy are the open connections of each server.
func openBy(all []model.Connection) map[string][]*model.Connection {
	by := map[string][]*model.Connection{}
	for i := range all {
		by[all[i].Server] = append(by[all[i].Server], &all[i])
	}
	return by
}

func (c *Chronicle) track(label string) *track {
	if c.tracks[label] == nil {
		c.tracks[label] = &track{}
	}
	return c.tracks[label]
}

func (c *Chronicle) happen(e Event) *Event {
	c.number++
	e.Number = c.number
	c.events = append(c.events, &e)
	return &e
}

// hear takes what a server answered, or that it did not.
func (c *Chronicle) hear(state *ledger.ServerState, at time.Time) {
	if !state.Answered {
		c.miss(state, at)
		return
	}
	s := c.known(state)
	moment := func(kind Kind, from, to time.Time) *Event {
		return c.happen(Event{Kind: kind, Label: state.Label, Server: state.Server, From: from, To: to})
	}
	if s.silent != nil {
		s.silent.To, s.silent.Label, s.silent.Server = at, state.Label, state.Server
		s.silent = nil
	}
	switch {
	case s.now.ID == "":
		moment(FirstSeen, at, at)
	case s.now.ID != state.Server.ID:
		from, to := s.heard, state.Server.Start
		if to.Before(from) || to.After(at) {
			// It does not tell when it began, or began before the other ended.
			from, to = at, at
		}
		moment(Restarted, from, to).Former = s.now.Version
		if s.now.Version != state.Server.Version {
			moment(VersionChanged, to, to).Former = s.now.Version
		}
	}
	c.measure(s, state, at)
	if slow := slower(s.now, state.Server); slow.Sum() > 0 {
		moment(FabricSlow, s.heard, at).Slow = slow
	}
	s.now, s.heard = state.Server, at
}

// slower is which connections to other servers were slow consumers since the server
// was read before. What it counted before anybody looked may be long ago.
func slower(before, now model.Server) Fabric {
	if before.ID == "" || now.Uncounted {
		return Fabric{}
	}
	was := before.Counters
	if before.ID != now.ID {
		was = model.Counters{}
	}
	since := func(was, is int64) int64 { return max(is-was, 0) }
	return Fabric{
		Routes: since(was.SlowRoutes, now.Counters.SlowRoutes), Gateways: since(was.SlowGateways, now.Counters.SlowGateways),
		Leafnodes: since(was.SlowLeafnodes, now.Counters.SlowLeafnodes),
	}
}

// measure notes when a clock begins and ceases to be far off.
func (c *Chronicle) measure(s *server, state *ledger.ServerState, at time.Time) {
	off := state.ClockOffset.Abs() > clockOff
	switch {
	case off && s.clock == nil:
		s.clock = c.happen(Event{Kind: ClockOff, Label: state.Label, Server: state.Server, From: at, Offset: state.ClockOffset})
	case !off && s.clock != nil:
		s.clock.To, s.clock = at, nil
	}
}

func (c *Chronicle) miss(state *ledger.ServerState, at time.Time) {
	s := c.known(state)
	if s.silent != nil {
		return
	}
	from := at
	if !s.heard.IsZero() {
		from = s.heard
	}
	s.silent = c.happen(Event{Kind: Silent, Label: state.Label, Server: state.Server, From: from, Why: state.Err.Error()})
}

// known is the server of a label. One that is called something else now, since
// another has its name or it told its own at last, is the same.
func (c *Chronicle) known(state *ledger.ServerState) *server {
	if s := c.servers[state.Label]; s != nil {
		return s
	}
	for label, s := range c.servers {
		if s.now.ID != "" && s.now.ID == state.Server.ID || s.now.ID == "" && label == state.Endpoint {
			delete(c.servers, label)
			c.servers[state.Label] = s
			return s
		}
	}
	s := &server{}
	c.servers[state.Label] = s
	return s
}

// forget gives up servers that are not asked any more: nobody knows whether they
// are silent still.
func (c *Chronicle) forget(news ledger.News) {
	for label, s := range c.servers {
		if slices.ContainsFunc(news.Snapshot.Servers, func(state ledger.ServerState) bool { return state.Label == label }) {
			continue
		}
		for _, e := range []*Event{s.silent, s.clock} {
			if e != nil {
				e.To = news.At
			}
		}
		delete(c.servers, label)
	}
}

// hearRing takes what was lost of a ring, and that its server is about to end.
func (c *Chronicle) hearRing(ring ledger.RingNews) {
	for _, gap := range ring.Gaps {
		if !gap.Restart {
			c.happen(Event{Kind: RecordsLost, Label: ring.Label, Server: ring.Server, From: gap.From, To: gap.To, Lost: gap.Lost})
		}
	}
	s := c.servers[ring.Label]
	i := slices.IndexFunc(ring.Stops, func(stop *model.Stop) bool { return stop.Reason == shutdown })
	if i >= 0 && s != nil && s.leaving != ring.Server.ID {
		s.leaving = ring.Server.ID
		at := ring.Stops[i].At
		c.happen(Event{Kind: LameDuck, Label: ring.Label, Server: ring.Server, From: at, To: at})
	}
}

package telemetry

import (
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

const (
	// lateness is how much later than newer ones a record may show up: each is
	// written by a goroutine of its own (nats-server.md#records-are-written-late).
	lateness = time.Minute
	// rememberFor is how long a server is known that is not heard of.
	rememberFor = 24 * time.Hour
)

// Dedup tells stops that were counted from those that were not, whichever
// ledger brings them: it is meant to outlive ledgers, which know nothing of what
// others counted. It counts from first contact with a server on, whoever made that and
// wrote it in a history, and remembers just enough for that.
type Dedup struct {
	// since is first contact with any server, by our clock.
	since   time.Time
	servers map[string]*passed // by server id
}

// passed are the stops of one server that came by.
type passed struct {
	heard time.Time
	// settled: all that stopped until then came by, or came too late.
	settled       time.Time
	older, recent batch
}

// batch is a set of stops, none of which was later than until.
type batch struct {
	cids  store.CIDSet
	until time.Time
}

// Take returns the stops of the ring that are to be counted now.
func (c *Dedup) Take(ring ledger.RingNews, now time.Time) []*model.Stop {
	if c.since.IsZero() {
		c.since, c.servers = now, map[string]*passed{}
	}
	p := c.servers[ring.Server.ID]
	met := p != nil
	if !met {
		p = c.meet(ring.Server.ID, now)
	}
	p.heard = now
	p.notLaterThan(ring.Server.Now)
	var fresh []*model.Stop
	for _, stop := range ring.Stops {
		if p.add(stop) {
			fresh = append(fresh, stop)
		}
	}
	p.forget()
	if !met && !ring.Recalled && !c.saw(ring.Server, now) {
		return nil
	}
	return fresh
}

// saw tells whether the server began after first contact, so that nothing of
// it is from before. One that began longer ago than servers are remembered may
// have been counted and forgotten; one that does not tell when it began is taken
// for older than any. Ages spare comparing clocks.
func (c *Dedup) saw(server model.Server, now time.Time) bool {
	age := server.Now.Sub(server.Start)
	return age < now.Sub(c.since) && age < rememberFor
}

func (c *Dedup) meet(serverID string, now time.Time) *passed {
	for id, p := range c.servers {
		if now.Sub(p.heard) > rememberFor {
			delete(c.servers, id)
		}
	}
	p := &passed{older: batch{cids: store.CIDSet{}}, recent: batch{cids: store.CIDSet{}}}
	c.servers[serverID] = p
	return p
}

// notLaterThan follows a clock that was put back: what is yet to come is not settled.
func (p *passed) notLaterThan(now time.Time) {
	for _, t := range []*time.Time{&p.settled, &p.older.until, &p.recent.until} {
		if t.After(now.Add(lateness)) {
			*t = now.Add(-lateness)
		}
	}
}

// add tells whether the stop has not come by before.
func (p *passed) add(s *model.Stop) bool {
	if !s.At.After(p.settled) || p.older.cids.Has(s.CID) || p.recent.cids.Has(s.CID) {
		return false
	}
	p.recent.cids.Add(s.CID)
	if s.At.After(p.recent.until) {
		p.recent.until = s.At
	}
	return true
}

// forget drops a batch once nothing of its time can come any more.
func (p *passed) forget() {
	if p.recent.until.Sub(p.older.until) > lateness {
		p.settled, p.older, p.recent = p.older.until, p.recent, batch{cids: store.CIDSet{}}
	}
}

package ledger

import (
	"maps"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

const (
	// safetyRead is how long a ring is left alone at the most while its
	// server's counters stand still: they do not show everything (decision D3).
	safetyRead = 10 * time.Second
	// writtenLate is how much later than its stop a record may be written: a
	// goroutine of its own does that (nats-server.md#records-are-written-late).
	writtenLate = 3 * time.Second
	// ringDepth is how many records a server keeps by default
	// (nats-server.md#the-ring-of-closed-connections); that many are kept here of each server, whatever their age.
	ringDepth = 10_000
)

// Plan decides by the counters that a server just told. It is called between
// the two requests of a read and so must not wait for one.
func (l *Ledger) Plan(server model.Server) model.RingPlan {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.processes[server.ID]
	if h == nil || h.ringReadAt.IsZero() || h.slipped || h.clock.wentBack(server.Now) {
		return model.RingPlan{}
	}
	if !h.restless && !server.Uncounted && server.Counters == h.server.Counters && server.Now.Sub(h.ringReadAt) < safetyRead {
		return model.RingPlan{Skip: true}
	}
	// A copy, so that a read asks without waiting for merges.
	known, dropped, clock := maps.Clone(h.known), h.dropped, h.clock
	return model.RingPlan{Since: h.ringReadAt.Add(-writtenLate - clockTolerance), Known: func(cid uint64, at time.Time) bool {
		return known.Has(cid) || !clock.ours(at).After(dropped)
	}}
}

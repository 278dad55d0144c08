package ledger

import (
	"maps"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// safetyRead is how long a ring is left alone at the most while its server's
// counters stand still: they do not show everything (decision D3).
const safetyRead = 10 * time.Second

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
	return model.RingPlan{Since: h.ringReadAt.Add(-writtenLate - ClockTolerance), Known: func(cid uint64, at time.Time) bool {
		return known.Has(cid) || !clock.ours(at).After(dropped)
	}}
}

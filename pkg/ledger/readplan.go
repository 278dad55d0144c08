package ledger

import (
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
	return model.RingPlan{Since: h.ringReadAt.Add(-writtenLate - ClockTolerance), Known: func(rows []model.Stop) int {
		// What was merged since then is known as well. A copy would cost each read more
		// than waiting for a merge, for which its end waits anyhow.
		l.mu.Lock()
		defer l.mu.Unlock()
		return h.countKnown(rows)
	}}
}

// countKnown counts what is kept, or was and was dropped. Times are the server's.
func (h *process) countKnown(rows []model.Stop) int {
	count := 0
	for i := range rows {
		if h.known.Has(rows[i].CID) || !h.clock.ours(rows[i].At).After(h.dropped) {
			count++
		}
	}
	return count
}

package stops

import "time"

const (
	// safetyRead is how long a ring is left alone at the most while its
	// server's counters stand still: they do not show everything (design D3).
	safetyRead = 10 * time.Second
	// writtenLate is how much later than its stop a record may be written: a
	// goroutine of its own does that (nats-server client.go:2080, nats-facts §1.5).
	writtenLate = 3 * time.Second
	// ringDepth is how many records a server keeps by default (nats-server
	// const.go:192); that many are kept here of each server, whatever their age.
	ringDepth = 10_000
)

// RingPlan is how much of a server's ring is worth reading.
type RingPlan struct {
	// Skip: nothing can have stopped since the last read, as far as counters tell.
	Skip bool
	// Known tells which records need not be read again; nil asks for the whole ring.
	Known func(cid uint64) bool
	// Since is how far back a read must look for records that were not there
	// yet when the ring was last read.
	Since time.Time
}

// Plan decides by the counters that a server just told. It is called between
// the two requests of a read and so must not wait for one.
func (l *Ledger) Plan(server Server) RingPlan {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.histories[server.ID]
	if h == nil || h.ringReadAt.IsZero() {
		return RingPlan{}
	}
	if !h.restless && !server.Uncounted && server.Counters == h.server.Counters && server.Now.Sub(h.ringReadAt) < safetyRead {
		return RingPlan{Skip: true}
	}
	return RingPlan{Since: h.ringReadAt.Add(-writtenLate), Known: func(cid uint64) bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		return h.known.has(cid)
	}}
}

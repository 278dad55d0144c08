package ledger

import (
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Gap is a span in which a server's stops are known to be incomplete.
type Gap struct {
	From, To time.Time
	// Lost is how many stops are missing; 0 means that nobody can know.
	Lost int64
	// Restart: the records went with the server process that held them.
	Restart bool
}

// Coverage is when a server's stops are complete: from Since to Until, save
// for the gaps.
type Coverage struct {
	Since, Until time.Time
	Gaps         []Gap
	// Oldest is when the oldest kept stop was; zero when there is none.
	Oldest time.Time
	// EvictedBefore is how many client records the server's ring had already
	// dropped at first contact.
	EvictedBefore int64
}

// LostIn is how many stops are known to be missing in gaps that touch r.
func (c Coverage) LostIn(r model.TimeRange) int64 {
	var lost int64
	for _, gap := range c.GapsIn(r) {
		lost += gap.Lost
	}
	return lost
}

// GapsIn lists the gaps that touch r.
func (c Coverage) GapsIn(r model.TimeRange) []Gap {
	var touching []Gap
	for _, gap := range c.Gaps {
		if gap.From.Before(r.To) && !gap.To.Before(r.From) {
			touching = append(touching, gap)
		}
	}
	return touching
}

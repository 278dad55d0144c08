package books

import (
	"slices"
	"time"
)

// WrittenLate is how much later than its stop a record may be written: a
// goroutine of its own does that (nats-server.md#records-are-written-late).
const WrittenLate = 3 * time.Second

// Gap is a span in which a server's stops are known to be incomplete.
type Gap struct {
	From, To time.Time
	// Lost is how many stops are missing; 0 means that nobody can know.
	Lost int64
	// Restart: the records went with the server process that held them.
	Restart bool
	// History: the server told the records, but what kept them for later starts lacks
	// them. Nobody lost them but us.
	History bool
}

// Forgive takes so many records out of the newest gaps: they are known after all, or
// told of elsewhere.
func Forgive(gaps []Gap, records int64) []Gap { return forgive(gaps, (*Gap).lost, records) }

func forgive[G any](gaps []G, lost func(*G) *int64, records int64) []G {
	var left []G
	for _, gap := range slices.Backward(gaps) {
		some := min(max(records, 0), *lost(&gap))
		records -= some
		if *lost(&gap) -= some; some == 0 || *lost(&gap) > 0 {
			left = append(left, gap)
		}
	}
	slices.Reverse(left)
	return left
}

// Lost is how many records are missing in gaps.
func Lost(gaps []Gap) (lost int64) {
	for i := range gaps {
		lost += gaps[i].Lost
	}
	return lost
}

func (g *Gap) lost() *int64 { return &g.Lost }

// holds reports whether a record of that time may be missing in the gap.
func (g Gap) holds(at time.Time) bool { return g.beganBefore(at) && at.Before(g.To) }

func (g Gap) beganBefore(at time.Time) bool { return !at.Before(g.From.Add(-WrittenLate)) }

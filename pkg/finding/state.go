package finding

import (
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// State is whether a finding goes on.
type State string

// The states.
const (
	Firing State = "firing"
	// Ending: there was no more evidence for a while.
	Ending State = "ending"
	Over   State = "over"
)

const (
	// FiringFor is how long after the newest evidence a finding counts as going on.
	FiringFor = 5 * time.Minute
	// OverAfter is how long after it the finding counts as over. Evidence that comes
	// later than that begins another finding.
	OverAfter = 15 * time.Minute
)

// State is the finding's at a time; ok is false where it had not begun then.
func (f *Finding) State(at time.Time) (state State, ok bool) {
	if f.First.After(at) {
		return Over, false
	}
	switch quiet := at.Sub(f.Last); {
	case f.Regraded && quiet >= 0:
		return Over, true
	case f.GoesOn, quiet <= FiringFor:
		return Firing, true
	case quiet <= OverAfter:
		return Ending, true
	default:
		return Over, true
	}
}

// In reports whether the finding was not over at some time of the range.
func (f *Finding) In(r model.TimeRange) bool {
	return !f.First.After(r.To) && (f.GoesOn || !f.Until().Before(r.From))
}

// Until is from when on a finding is over that does not go on.
func (f *Finding) Until() time.Time {
	if f.Regraded {
		return f.Last
	}
	return f.Last.Add(OverAfter)
}

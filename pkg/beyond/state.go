package beyond

import (
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
)

// State is how far an answer reaches.
type State struct {
	// Back is since when all is counted, zero if that is all that was asked for; To is
	// since when it was asked for.
	Back, To time.Time
	// Waiting is how many records memory has no more, and the stream not yet.
	Waiting int
	// Unreadable are blocks that could not be read, Newer those of a newer version.
	Unreadable, Newer int
	// Err is why nothing more could be read.
	Err error
	// TooMany: there are more groups than can be summed.
	TooMany bool
}

// Whole reports whether all is counted that was asked for.
func (s State) Whole() bool {
	return s.Back.IsZero() && s.Waiting == 0 && s.Err == nil && !s.TooMany
}

// Reaches reports whether a range may begin before what a snapshot holds, which is
// kept for so long.
func Reaches(s *ledger.Snapshot, from time.Time, age time.Duration) bool {
	if from.Before(time.Now().Add(-age)) {
		return true
	}
	for _, held := range s.Held {
		if held.Since.After(held.Began) && from.Before(held.Since) {
			return true
		}
	}
	return false
}

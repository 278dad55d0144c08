package model

import "time"

// RingState tells what a reading did with the ring of closed connections.
type RingState int

const (
	// RingNotAsked: the reading says nothing about closed connections.
	RingNotAsked RingState = iota
	// RingUnchanged: by the counters, nothing has stopped since the last read.
	RingUnchanged
	// RingRead: read in whole, or down to records that were known before.
	RingRead
)

// Reading is what one endpoint answered, or why it did not.
type Reading struct {
	// Endpoint is the host and port asked: the server's name until it is known.
	Endpoint string
	// Server is who answered; without an answer, who is missing, if that is
	// known better than by who answered last at the endpoint.
	Server Server
	// HeardAt is when the server told who it is, by our clock; zero if it did not.
	// ClockOffset is how far its clock was ahead of ours then, give or take ClockDoubt.
	HeardAt     time.Time
	ClockOffset time.Duration
	ClockDoubt  time.Duration
	Ring        RingState
	// Closed is what was read of the ring, newest first.
	Closed []Stop
	// RingSize is how many records the ring held then, as the server says; 0 if it
	// does not, or held none.
	RingSize int64
	// Open lists open connections; nil unless asked for. OpenAt is when the server
	// made the list, or its first page, by its clock.
	Open   []Connection
	OpenAt time.Time
	// OpenMore is how many more there are than Open lists.
	OpenMore int64
	// Bytes is how much the server sent, as it came over the network.
	Bytes int64
	// Asked tells which requests were made, for people.
	Asked []string
	// Flaws are what could not be read of the answer.
	Flaws []Flaw
	// Err is why there is no (complete) answer.
	Err error
	// Account is the only account that the answer is about; empty means all.
	Account string
	// Repeated: the server answered at an earlier endpoint too, as Err says;
	// nothing is missing without this reading.
	Repeated bool
}

// Began is when the process began or, where it does not tell, when it is first
// known to have run: at its oldest record, or else now.
func (r Reading) Began() time.Time {
	if n := len(r.Closed); r.Server.Uncounted && n > 0 {
		return r.Closed[n-1].At
	}
	if r.Server.Uncounted {
		return r.Server.Now
	}
	return r.Server.Start
}

package stops

import "time"

// Server is who answered: identity, and the counters needed to tell what is missing.
type Server struct {
	ID, Name, Cluster, Version string
	// Start is when the server process began; Now its clock when it answered.
	Start, Now time.Time
	// Open and Total count client connections: now, and ever accepted by this
	// process. Their difference is how many closed; leafnodes are not in it
	// (nats-server server.go:3308).
	Open, Total int64
	Counters    Counters
	// Uncounted: an ordinary account asked, which servers tell neither their
	// counters nor when they began (nats-facts §11).
	Uncounted bool
}

// Counters move whenever a connection came, went or is being torn down. They
// are compared as a whole and mean nothing one by one here: client totals miss
// leafnodes and lag behind slow consumers (nats-facts §11).
type Counters struct {
	Total, Open, Leafnodes       int64
	SlowConsumers, Stale         int64
	SlowClients, SlowLeafnodes   int64
	StaleClients, StaleLeafnodes int64
}

// Closed is how many client connections this process has closed so far.
func (s Server) Closed() int64 { return s.Total - s.Open }

// Named tells whether the server has a name of its own: without server_name in
// its configuration it is called by its id, another one after each start.
func (s Server) Named() bool { return s.Name != "" && s.Name != s.ID }

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
	// ClockOffset is how far its clock was ahead of ours then.
	HeardAt     time.Time
	ClockOffset time.Duration
	Ring        RingState
	// Closed is what was read of the ring, newest first.
	Closed []Stop
	// Open lists open connections; nil unless asked for.
	Open []Connection
	// Bytes is how much the server sent, as it came over the network.
	Bytes int64
	// Asked tells which requests were made, for people.
	Asked []string
	// Err is why there is no (complete) answer.
	Err error
	// Account is the only account that the answer is about; empty means all.
	Account string
	// Repeated: the server answered at an earlier endpoint too, as Err says;
	// nothing is missing without this reading.
	Repeated bool
}

// began is when the process began or, where it does not tell, when it is first
// known to have run: at its oldest record, or else now.
func (r Reading) began() time.Time {
	if n := len(r.Closed); r.Server.Uncounted && n > 0 {
		return r.Closed[n-1].At
	}
	if r.Server.Uncounted {
		return r.Server.Now
	}
	return r.Server.Start
}

package model

import "time"

// Server is who answered: identity, and the counters needed to tell what is missing.
type Server struct {
	ID, Name, Cluster, Version string
	// Start is when the server process began; Now its clock when it answered.
	Start, Now time.Time
	// Up is how long it had been running then, in whole seconds and by a clock that
	// nobody sets, but that stands still while a machine sleeps; 0 if it does not tell.
	Up time.Duration
	// Open and Total count client connections: now, and ever accepted by this
	// process. Their difference is how many closed; leafnodes are not in it
	// (nats-server.md#what-counters-miss).
	Open, Total int64
	Counters    Counters
	// Members is how many servers its cluster has, itself among them, as far as it
	// knows now; 0 where it does not tell.
	Members int64
	// Uncounted: an ordinary account asked, which servers tell neither their
	// counters nor when they began (nats-server.md#what-counters-miss).
	Uncounted bool
	Limits    Limits
}

// Limits are what a server allows; 0 where it does not tell, as to a login
// that may not ask for VARZ.
type Limits struct {
	// MaxConnections is how many clients, MaxPending how many bytes may be queued for
	// one, MaxPayload and MaxControlLine how many a message and a line may have.
	MaxConnections, MaxPending, MaxPayload, MaxControlLine int64
}

// Counters move whenever a connection came, went or is being torn down. They
// are compared as a whole and mean nothing one by one here: client totals miss
// leafnodes and lag behind slow consumers (nats-server.md#what-counters-miss).
type Counters struct {
	Total, Open, Leafnodes       int64
	SlowConsumers, Stale         int64
	SlowClients, SlowLeafnodes   int64
	StaleClients, StaleLeafnodes int64
	// SlowRoutes and SlowGateways are connections between servers that were slow
	// consumers themselves; no record tells of them.
	SlowRoutes, SlowGateways int64
}

// Closed is how many client connections this process has closed so far.
func (s Server) Closed() int64 { return s.Total - s.Open }

// Succeeds reports whether s is a later process in the place of other: of its name
// in its cluster (decision D13). An address tells too, where both answered at one:
// if a server has no name of its own, or its cluster got another one.
func (s Server) Succeeds(other Server, sameAddress bool) bool {
	switch {
	case s.ID == other.ID:
		return false
	case s.Named() && other.Named():
		return s.Name == other.Name && (s.Cluster == other.Cluster || sameAddress)
	default:
		return sameAddress
	}
}

// Named reports whether the server has a name of its own: without server_name in
// its configuration it is called by its id, another one after each start.
func (s Server) Named() bool { return s.Name != "" && s.Name != s.ID }

// Later reports whether s began after other did. One that does not tell when is
// taken to be later.
func (s Server) Later(other Server) bool {
	return s.Uncounted && s.Start.IsZero() || s.Start.After(other.Start)
}

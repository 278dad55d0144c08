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
}

// Closed is how many client connections this process has closed so far.
func (s Server) Closed() int64 { return s.Total - s.Open }

// Reading is what one endpoint answered, or why it did not.
type Reading struct {
	// Endpoint is the host and port asked: the server's name until it is known.
	Endpoint string
	Server   Server
	// Closed is the whole ring of closed connections, newest first; nil unless asked for.
	Closed []Stop
	// Open lists open connections; nil unless asked for.
	Open []Connection
	// Asked tells which requests were made, for people.
	Asked []string
	// Err is why there is no (complete) answer.
	Err error
}

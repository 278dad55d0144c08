package ledger

import (
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/account"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// ServerState is one endpoint as a query found it.
type ServerState struct {
	Endpoint string
	// Server is who answered, or who answered last; its Name falls back to the endpoint.
	Server   model.Server
	Answered bool
	Err      error
	Asked    []string
	// Listed reports whether it told all its open connections in this read.
	Listed bool
	// OpenAt is when the server listed its open connections, by its clock.
	OpenAt time.Time
	// HeardAt is when the server last answered, by our clock; zero if it never did.
	HeardAt time.Time
	// OpenMore is how many more open connections it has than it listed.
	OpenMore int64
	// ClockOffset is how far the server's clock was ahead of ours when it answered.
	// Times of the server are by our clock all the same (decision D11).
	ClockOffset time.Duration
	// Flaws are what could not be read of what it answered last.
	Flaws []model.Flaw
	// Label is the server's name and, where several have it, which of them this is;
	// it is also the Server of its connections.
	Label string
	// Formerly is what its label was until lately, before it ever answered; empty if it is
	// the same.
	Formerly string
	// Coverage is of the closed connections; it is zero when they were never read.
	Coverage Coverage
	// Unlisted is how many members of its cluster are not read at all.
	Unlisted int64
	// Beside are the labels of other servers that lately answered at its address,
	// and run beside it: only one of them is read at a time.
	Beside []string
}

// Snapshot is what is known at one moment; it does not change.
type Snapshot struct {
	// Merge is the number of the merge that it was taken after.
	Merge   int
	Servers []ServerState
	// Repeated are the endpoints that lead to a server of another endpoint.
	Repeated []error
	// Open are the open connections of the servers that answered.
	Open []model.Connection
	// kept are the stops of every server process.
	Kept []Kept
	// words are what the kept stops refer to.
	Symbols store.Symbols
	// Accounts are what people call accounts.
	Accounts account.Names
	// Held are what memory holds of each server process, by its id.
	Held map[string]Held
	// Lives are the server processes that are known, in the order in which they began.
	Lives []Life
}

// Held is what memory holds of a server process.
type Held struct {
	// Since is since when it holds all that was told, save for gaps; Began is when the
	// process began, as far as that is known.
	Since, Began time.Time
	// Label is what the server is called, Place the process that was first met there.
	Label, Place string
}

// Life is one run of a server, by our clock.
type Life struct {
	ServerID string
	// Label is what the server is called (decision D13).
	Label, Cluster, Version string
	// Began is when the process began, or is first known to have run; HeardUntil is
	// when its ring was last read.
	Began, HeardUntil time.Time
	// Former is the process that ran in its place before; empty if none is known.
	Former string
}

// Kept are the kept stops of one server process, oldest first.
type Kept struct {
	ServerID string
	Table    store.Table
}

// countUnlisted tells each server of the members of its cluster that nobody reads.
func countUnlisted(states []ServerState) {
	unlisted := map[string]int64{}
	for _, cluster := range Clusters(states) {
		unlisted[cluster.Name] = cluster.Unlisted()
	}
	for i := range states {
		states[i].Unlisted = unlisted[states[i].Server.Cluster]
	}
}

// Clusters are those of the servers. One that is silent does not tell how many
// there are now.
func Clusters(states []ServerState) []model.Cluster {
	read := make([]model.Server, len(states))
	for i, state := range states {
		if read[i] = state.Server; !state.Answered {
			read[i].Members = 0
		}
	}
	return model.Clusters(read)
}

// AnsweredAny tells whether the answer comes from any server at all.
func (s Snapshot) AnsweredAny() bool {
	return slices.ContainsFunc(s.Servers, func(state ServerState) bool { return state.Answered })
}

// Dead are the labels of the servers that did not answer: nobody knows whether
// anything of theirs is zero (decision D1).
func (s Snapshot) Dead() map[string]bool {
	dead := map[string]bool{}
	for _, state := range s.Servers {
		if !state.Answered {
			dead[state.Label] = true
		}
	}
	for _, state := range s.Servers {
		if state.Answered {
			delete(dead, state.Label)
		}
	}
	return dead
}

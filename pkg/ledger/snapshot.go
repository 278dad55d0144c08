package ledger

import (
	"cmp"
	"maps"
	"slices"
	"time"

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
	// OpenAt is when the server listed its open connections, by its clock.
	OpenAt time.Time
	// Flaws are what could not be read of what it answered last.
	Flaws []model.Flaw
	// Label is the server's name, with its endpoint where two servers have one name.
	Label string
	// Coverage is of the closed connections; it is zero when they were never read.
	Coverage Coverage
}

// Snapshot is what is known at one moment; it does not change.
type Snapshot struct {
	Servers []ServerState
	// Repeated are the endpoints that lead to a server of another endpoint.
	Repeated []error
	// Open are the open connections of the servers that answered.
	Open []model.Connection
	// kept are the stops of every server process.
	Kept []Kept
	// words are what the kept stops refer to.
	Symbols store.Symbols
}

// Kept are the kept stops of one server process, oldest first.
type Kept struct {
	ServerID string
	Table    store.Table
}

func (l *Ledger) snapshot(readings []model.Reading) Snapshot {
	var s Snapshot
	for _, reading := range readings {
		if reading.Repeated {
			s.Repeated = append(s.Repeated, reading.Err)
			continue
		}
		state := ServerState{
			Endpoint: reading.Endpoint,
			Server:   reading.Server,
			Answered: reading.Err == nil,
			Err:      reading.Err,
			Asked:    reading.Asked,
			OpenAt:   cmp.Or(reading.OpenAt, reading.Server.Now),
			Flaws:    reading.Flaws,
		}
		if !state.Answered && state.Server.ID == "" {
			state.Server = l.last[reading.Endpoint]
		}
		if h := l.processes[state.Server.ID]; h != nil {
			state.Coverage = h.coverage()
			if reading.Ring == model.RingUnchanged {
				state.Flaws = h.flaws
			}
		}
		if state.Server.Name == "" {
			state.Server.Name = reading.Endpoint
		}
		s.Servers = append(s.Servers, state)
		s.Open = append(s.Open, reading.Open...)
	}
	s.labelServers()
	for _, id := range slices.Sorted(maps.Keys(l.processes)) {
		if h := l.processes[id]; h.kept.Len() > 0 {
			s.Kept = append(s.Kept, Kept{id, h.kept})
		}
	}
	s.Symbols = l.symbols.Symbols(l.accounts.of)
	return s
}

// AnsweredAny tells whether the answer comes from any server at all.
func (s Snapshot) AnsweredAny() bool {
	return slices.ContainsFunc(s.Servers, func(state ServerState) bool { return state.Answered })
}

func (s Snapshot) labelServers() {
	holders := map[string]int{}
	for _, state := range s.Servers {
		holders[state.Server.Name]++
	}
	for i := range s.Servers {
		state := &s.Servers[i]
		state.Label = state.Server.Name
		if holders[state.Server.Name] > 1 {
			state.Label += " (" + state.Endpoint + ")"
		}
	}
}

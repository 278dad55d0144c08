package chronicle

import (
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Kind says what happened to a server.
type Kind string

// The kinds.
const (
	// FirstSeen: it answered for the first time.
	FirstSeen Kind = "first_seen"
	// Restarted: another process runs in its place.
	Restarted Kind = "restarted"
	// VersionChanged: that process is of another version.
	VersionChanged Kind = "version_changed"
	// Silent: it does not answer.
	Silent Kind = "silent"
	// LameDuck: it sends its clients away, since it is about to end.
	LameDuck Kind = "lame_duck"
	// RecordsLost: it dropped records of stops before they could be read.
	RecordsLost Kind = "records_lost"
	// ClockOff: its clock is far from Grafana's.
	ClockOff Kind = "clock_off"
	// FabricSlow: connections of it to other servers were slow consumers.
	FabricSlow Kind = "fabric_slow"
)

// Event is something that happened to a server. Times are by our clock.
type Event struct {
	// Number tells events of one chronicle apart.
	Number int
	Kind   Kind
	// Label is what the server was called then (decision D13).
	Label  string
	Server model.Server
	// From is when it happened or began, To when it was over. What happened at one
	// moment has one time; what goes on has no end.
	From, To time.Time
	// Former is the version before, Lost how many records went, as far as anybody
	// knows, Offset how far the clock was ahead, Why the answer that did not come.
	Former string
	Lost   int64
	Offset time.Duration
	Why    string
	// Slow is which connections to other servers were slow consumers, and how often.
	Slow Fabric
}

// Fabric counts by what connects servers.
type Fabric struct{ Routes, Gateways, Leafnodes int64 }

// Sum is how many they are together.
func (f Fabric) Sum() int64 { return f.Routes + f.Gateways + f.Leafnodes }

// Lasts reports whether it is not over yet.
func (e Event) Lasts() bool { return e.To.IsZero() }

// touches reports whether any of it was within a range.
func (e Event) touches(r model.TimeRange) bool {
	return e.From.Before(r.To) && (e.Lasts() || !e.To.Before(r.From))
}

package history

import (
	"strings"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
)

// What is used where settings say nothing else.
const (
	// DefaultRetention is how long a stream that is made here keeps blocks.
	DefaultRetention = 30 * 24 * time.Hour
	// DefaultBacklog is how many bytes may wait to be written.
	DefaultBacklog = 64 << 20
)

// Config is which stream holds the history, and how it is used.
type Config struct {
	// NATS is where the stream is, and who we are there: of an account that has
	// JetStream, which the system account has not.
	NATS natslink.Config
	// Stream is its name. Each server process has a subject of its own in it:
	// Prefix, a dot, the process's id.
	Stream, Prefix string
	// Captured is the stream of advisories that others capture; empty if none is read.
	Captured string
	// Account: the servers are read with the login of an account, which sees that
	// account alone. What it knows to be complete is not so for others, and what others
	// know is not for it, so its subjects are apart.
	Account bool
	// Write: what is learned is appended. Else the stream is only read.
	Write bool
	// Create: the stream is made if it is not there, see [DefaultRetention].
	Create bool
	// Private keeps user names and addresses out of what is written.
	Private bool
	// Nameless keeps them out of what is read, too, whoever wrote it.
	Nameless bool
	// Age is how far back the past is taken at a start.
	Age time.Duration
	// Backlog bounds what waits to be written, in bytes; 0 is [DefaultBacklog].
	Backlog int
}

// ofCaptured names what others capture where something is said of a stream.
func (c Config) ofCaptured() Config {
	c.Stream = c.Captured
	return c
}

// continues reports whether what waits to be written by other settings may be written
// by these.
func (c Config) continues(other Config) bool {
	return c.Write && other.Write && c.Stream == other.Stream && c.Prefix == other.Prefix && c.Account == other.Account
}

// ofAccount begins the last part of the subjects of [Config.Account]; no server's id
// begins so.
const ofAccount = "account-"

// subjectOf is the subject of a server process.
func (c Config) subjectOf(serverID string) string {
	if c.Account {
		return c.Prefix + "." + ofAccount + serverID
	}
	return c.Prefix + "." + serverID
}

// serverOf is whose subject it is, if it is one of ours.
func (c Config) serverOf(subject string) (serverID string, ours bool) {
	serverID, apart := strings.CutPrefix(strings.TrimPrefix(subject, c.Prefix+"."), ofAccount)
	return serverID, apart == c.Account
}

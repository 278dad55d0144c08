package settings

import "time"

const (
	// CurrentVersion is the version of the settings that this plugin writes.
	CurrentVersion = 1
	// DefaultTimeout bounds one request to a server when nothing else is set.
	DefaultTimeout = 10 * time.Second
	// DefaultSyncEvery is how long one read of the servers serves everybody.
	DefaultSyncEvery = time.Second
	// DefaultAccountSyncEvery is the same where each read looks into the rings.
	DefaultAccountSyncEvery = 5 * time.Second
	// DefaultKeepAge is for how long records are kept in memory.
	DefaultKeepAge = 24 * time.Hour
	// DefaultKeepCount is how many are kept there at most.
	DefaultKeepCount = 500_000
	// MinKeepCount and MaxKeepCount are what may be set instead.
	MinKeepCount, MaxKeepCount = 10_000, 20_000_000
	// DefaultStream is what the stream of the history is called.
	DefaultStream = "NATS_CONNECTIONS"
	// DefaultPrefix is what its subjects begin with.
	DefaultPrefix = "nats.connections"
)

// Auth is how to log in to NATS.
type Auth string

// The ways to log in.
const (
	AuthNone        Auth = "none"
	AuthUser        Auth = "user"
	AuthToken       Auth = "token"
	AuthNKey        Auth = "nkey"
	AuthCredentials Auth = "credentials"
)

// Scope is what a login to NATS is meant to see.
type Scope string

// The scopes.
const (
	ScopeSystem  Scope = "system"
	ScopeAccount Scope = "account"
)

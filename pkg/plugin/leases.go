package plugin

import (
	"fmt"
	"time"
)

// Leases are how long things go on of which nobody says that they are not
// needed any more: nobody tells a plugin that its data source was deleted.
type Leases struct {
	// Connections end so long after the last query, without background sync.
	Connections time.Duration
	// Memory ends so long after the last query, and the background sync with it.
	Memory time.Duration
	// Linger is how long a memory waits for the next instance after its last one.
	Linger time.Duration
}

// DefaultLeases are those of decision D12.
func DefaultLeases() Leases {
	return Leases{Connections: time.Hour, Memory: 7 * 24 * time.Hour, Linger: 10 * time.Minute}
}

// LeaseVariable is where Grafana tells what its configuration says of the plugin
// under the name lease.
const LeaseVariable = "GF_PLUGIN_LEASE"

// LeasesWithin are the default ones, where none is longer than what is told; an
// empty text tells nothing.
func LeasesWithin(told string) (Leases, error) {
	leases := DefaultLeases()
	if told == "" {
		return leases, nil
	}
	longest, err := time.ParseDuration(told)
	if err != nil || longest < time.Second {
		return leases, fmt.Errorf("lease: %q is not a duration of one second or more; use one such as 1h", told)
	}
	leases.Connections, leases.Memory = min(leases.Connections, longest), min(leases.Memory, longest)
	return leases, nil
}

// due is what ends now, and when to look again.
type due struct {
	rest, forget bool
	next         time.Duration
}

// after is what ends once nobody has asked for so long. Background sync goes on as
// long as the memory that it is for.
func (l Leases) after(idle time.Duration, inBackground bool) due {
	switch {
	case idle >= l.Memory:
		return due{forget: true}
	case idle < l.Connections:
		return due{next: l.Connections - idle}
	}
	return due{rest: !inBackground, next: l.Memory - idle}
}

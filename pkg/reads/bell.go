package reads

import (
	"maps"
	"sync"
)

// bell keeps who rang until the next read looks there.
type bell struct {
	mu   sync.Mutex
	rung map[string]struct{}
	// woken has a value once anybody rang.
	woken chan struct{}
}

func newBell() bell { return bell{rung: map[string]struct{}{}, woken: make(chan struct{}, 1)} }

// ring tells that there is news of a server.
func (b *bell) ring(serverID string) {
	b.mu.Lock()
	b.rung[serverID] = struct{}{}
	b.mu.Unlock()
	select {
	case b.woken <- struct{}{}:
	default: // Whoever is woken looks at all.
	}
}

// take returns who rang since it was called last.
func (b *bell) take() map[string]struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := maps.Clone(b.rung)
	clear(b.rung)
	select {
	case <-b.woken:
	default:
	}
	return taken
}

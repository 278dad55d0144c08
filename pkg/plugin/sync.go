package plugin

import (
	"context"
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// syncer lets everybody who asks at about the same time share one read of the
// servers (decision D3).
type syncer struct {
	source source.Source
	ledger *ledger.Ledger
	// every is how long a finished read is good enough for the next one who asks.
	every time.Duration
	// stopKeepingUp ends the background sync.
	stopKeepingUp context.CancelFunc

	mu      sync.Mutex
	flights map[need]*flight
	closed  bool
}

// need is what a query must have read.
type need struct{ closed, open bool }

// covers tells whether a read for n also serves other.
func (n need) covers(other need) bool { return (n.closed || !other.closed) && (n.open || !other.open) }

// flight is one read, under way until done is closed.
type flight struct {
	done     chan struct{}
	cancel   context.CancelFunc
	landed   time.Time
	snapshot ledger.Snapshot
}

func newSyncer(from source.Source, ledger *ledger.Ledger, every time.Duration) *syncer {
	return &syncer{source: from, ledger: ledger, every: every, stopKeepingUp: func() {}, flights: map[need]*flight{}}
}

// sync returns what is known after a read that began no earlier than every ago.
func (s *syncer) sync(ctx context.Context, n need) (ledger.Snapshot, error) {
	f := s.join(ctx, n)
	select {
	case <-f.done:
		return f.snapshot, nil
	case <-ctx.Done():
		return ledger.Snapshot{}, ctx.Err()
	}
}

func (s *syncer) join(ctx context.Context, n need) *flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	for serves, f := range s.flights {
		if serves.covers(n) && (f.landed.IsZero() || time.Since(f.landed) < s.every) {
			return f
		}
	}
	// Whoever began a read may leave; the others still want it.
	shared, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight{done: make(chan struct{}), cancel: cancel}
	s.flights[n] = f
	if s.closed {
		cancel()
	}
	go func() {
		defer cancel()
		s.fly(shared, n, f)
	}()
	return f
}

func (s *syncer) fly(ctx context.Context, n need, f *flight) {
	began := time.Now()
	readings := s.source.Read(ctx, source.Request{Closed: n.closed, Open: n.open, Plan: s.ledger.Plan})
	logSync(ctx, readings, time.Since(began))
	f.snapshot = s.ledger.Merge(readings)
	s.mu.Lock()
	f.landed = time.Now()
	s.mu.Unlock()
	close(f.done)
}

// close ends the reads that are under way, and at once those that come later.
func (s *syncer) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.stopKeepingUp()
	for _, f := range s.flights {
		f.cancel()
	}
	s.source.Close()
}

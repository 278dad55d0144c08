package plugin

import (
	"context"
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// syncer lets everybody who asks at about the same time share one read of the
// servers (decision D3).
type syncer struct {
	ledger *ledger.Ledger

	mu   sync.Mutex
	from *lent
	// every is how long a finished read is good enough for the next one who asks.
	every  time.Duration
	closed bool
	// flights are the reads under way, and those that are good enough for
	// somebody still: one that serves nobody must not keep its connections in memory.
	flights map[need]*flight
}

// flight is one read, under way until done is closed.
type flight struct {
	done   chan struct{}
	cancel context.CancelFunc
	// from is what the read is made of.
	from     *lent
	landed   time.Time
	snapshot ledger.Snapshot
	// err is why there is no snapshot: a fault of our own.
	err error
}

func newSyncer(from source.Source, ledger *ledger.Ledger, every time.Duration) *syncer {
	return &syncer{from: &lent{source: from}, ledger: ledger, every: every, flights: map[need]*flight{}}
}

// sync returns what is known after a read that is good enough for n.
func (s *syncer) sync(ctx context.Context, n need) (ledger.Snapshot, error) {
	f := s.join(ctx, n)
	select {
	case <-f.done:
		return f.snapshot, f.err
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
	f := &flight{done: make(chan struct{}), cancel: cancel, from: s.from}
	s.flights[n] = f
	f.from.reads++
	if s.closed {
		cancel()
	}
	go s.fly(shared, n, f)
	return f
}

// fly reads, and lands whatever happens: others wait for it.
func (s *syncer) fly(ctx context.Context, n need, f *flight) {
	defer f.cancel()
	f.err = guard.Run(ctx, "the read of the servers", func() {
		began := time.Now()
		readings := f.from.source.Read(ctx, source.Request{Closed: n.closed, Open: n.open, Plan: s.ledger.Plan})
		logSync(ctx, readings, time.Since(began))
		f.snapshot = s.ledger.Merge(readings)
	})
	s.land(n, f)
	close(f.done)
}

func (s *syncer) land(n need, f *flight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.landed = time.Now()
	f.from.returned()
	if f.err != nil || s.every <= 0 {
		s.forget(n, f)
		return
	}
	time.AfterFunc(s.every, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.forget(n, f)
	})
}

// forget gives a read up, if no other took its place.
func (s *syncer) forget(n need, f *flight) {
	if s.flights[n] == f {
		delete(s.flights, n)
	}
}

// adopt has later reads serve for so long.
func (s *syncer) adopt(every time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.every = every
}

// readFrom has later reads come from another source; those under way end first.
func (s *syncer) readFrom(from source.Source) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.from
	s.from = &lent{source: from}
	before.retire((source.Source).Close)
}

// rest ends connections until the next read.
func (s *syncer) rest() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.from.retire((source.Source).Rest)
}

// close ends the reads that are under way, and at once those that come later.
func (s *syncer) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, f := range s.flights {
		f.cancel()
	}
	s.from.source.Close()
}

// lent is a source, and how many reads use it; the syncer's lock guards it.
type lent struct {
	source source.Source
	reads  int
	// after is to be done once no read uses the source.
	after func(source.Source)
}

func (l *lent) retire(after func(source.Source)) {
	if l.reads == 0 {
		after(l.source)
		return
	}
	l.after = after
}

func (l *lent) returned() {
	if l.reads--; l.reads == 0 && l.after != nil {
		l.after(l.source)
		l.after = nil
	}
}

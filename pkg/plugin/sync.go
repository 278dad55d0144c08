package plugin

import (
	"context"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

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
	flights map[lists]*flight
	// ringsAt is when the rings were last read.
	ringsAt time.Time
}

// flight is one read, under way until done is closed.
type flight struct {
	done   chan struct{}
	cancel context.CancelFunc
	// from is what the read is made of.
	from   *lent
	landed time.Time
	// until gives the read up once it serves nobody any more.
	until    *time.Timer
	snapshot ledger.Snapshot
	// err is why there is no snapshot: a fault of our own.
	err error
}

func newSyncer(from source.Source, ledger *ledger.Ledger, every time.Duration) *syncer {
	return &syncer{from: &lent{source: from}, ledger: ledger, every: every, flights: map[lists]*flight{}}
}

// sync returns what is known after a read that is good enough for n.
func (s *syncer) sync(ctx context.Context, n need) (ledger.Snapshot, error) {
	f, err := s.await(ctx, s.join(ctx, n.lists))
	return f.snapshot, err
}

// read returns for each need a read that is good enough for it. What must be
// read anew is read at once for all.
func (s *syncer) read(ctx context.Context, needs map[part]need) (map[part]*flight, error) {
	found := map[part]*flight{}
	var missing lists
	for whose, n := range needs {
		if f := s.kept(n); f != nil {
			found[whose] = f
		} else {
			missing = missing.and(n.lists)
		}
	}
	if len(found) == len(needs) {
		return found, nil
	}
	fresh, err := s.await(ctx, s.join(ctx, missing))
	for whose := range needs {
		if found[whose] == nil {
			found[whose] = fresh
		}
	}
	return found, err
}

func (*syncer) await(ctx context.Context, f *flight) (*flight, error) {
	select {
	case <-f.done:
		return f, f.err
	case <-ctx.Done():
		return &flight{}, ctx.Err()
	}
}

// kept returns a finished read that is good enough for n, if there is one.
func (s *syncer) kept(n need) *flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	for serves, f := range s.flights {
		if f.landed.IsZero() || !f.snapshot.AnsweredAny() || time.Since(f.landed) >= n.freshness.goodFor(s.every, len(f.snapshot.Open)) {
			continue
		}
		// Each snapshot has all stops that were known, whatever it was read for.
		rings := n.freshness == known && time.Since(s.ringsAt) < knownFor
		if serves.covers(n.lists) || rings && serves.covers(lists{open: n.open}) {
			return f
		}
	}
	return nil
}

// join returns a read under way that serves, one that is current, or a new one.
func (s *syncer) join(ctx context.Context, l lists) *flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	for serves, f := range s.flights {
		if serves.covers(l) && (f.landed.IsZero() || time.Since(f.landed) < s.every) {
			return f
		}
	}
	// Whoever began a read may leave; the others still want it.
	shared, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight{done: make(chan struct{}), cancel: cancel, from: s.from}
	if before := s.flights[l]; before != nil {
		s.giveUp(l, before)
	}
	s.flights[l] = f
	f.from.reads++
	if s.closed {
		cancel()
	}
	go s.fly(shared, l, f)
	return f
}

// fly reads, and lands whatever happens: others wait for it.
func (s *syncer) fly(ctx context.Context, l lists, f *flight) {
	defer f.cancel()
	f.err = guard.Run(ctx, "the read of the servers", func() {
		began := time.Now()
		readings := f.from.source.Read(ctx, source.Request{Closed: l.closed, Open: l.open, Top: l.top, Plan: s.ledger.Plan})
		logSync(ctx, readings, time.Since(began))
		f.snapshot = s.ledger.Merge(readings)
	})
	s.land(l, f)
	close(f.done)
}

func (s *syncer) land(l lists, f *flight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.landed = time.Now()
	f.from.returned()
	if f.err != nil || s.closed {
		s.giveUp(l, f)
		return
	}
	if l.closed {
		s.ringsAt = f.landed
	}
	serves := s.every
	if l.allOpen() {
		serves = max(recent.goodFor(s.every, len(f.snapshot.Open)), known.goodFor(s.every, 0))
	}
	f.until = time.AfterFunc(serves, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.giveUp(l, f)
	})
}

// giveUp drops a read, if no other took its place.
func (s *syncer) giveUp(l lists, f *flight) {
	if f.until != nil {
		f.until.Stop()
	}
	if s.flights[l] == f {
		delete(s.flights, l)
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

// forget has a server that does not answer not be missing any more.
func (s *syncer) forget(serverID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.from.source.Forget(serverID)
	for l, f := range s.flights {
		if !f.landed.IsZero() {
			s.giveUp(l, f)
		}
	}
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
	for l, f := range s.flights {
		f.cancel()
		if !f.landed.IsZero() {
			s.giveUp(l, f)
		}
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

// keepUp syncs every so often until it is told to stop, so that history is
// kept while nobody looks. It outlives ctx, which only says whose it is.
func (s *syncer) keepUp(ctx context.Context, every time.Duration) (stop context.CancelFunc) {
	ctx, stop = context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for ctx.Err() == nil {
			// Waiting for each read keeps those of a server that hangs from piling up.
			snapshot, err := s.sync(ctx, need{lists: lists{closed: true}})
			switch {
			case err == nil:
				logMissing(ctx, snapshot)
			case ctx.Err() == nil:
				backend.Logger.FromContext(ctx).Warn("Background sync failed", "error", err)
			}
			select {
			case <-ticker.C:
			case <-ctx.Done():
			}
		}
	}()
	return stop
}

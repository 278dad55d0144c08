package reads

import (
	"context"
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// Shared are the reads of the servers of a data source.
type Shared struct {
	ledger *ledger.Ledger

	mu   sync.Mutex
	from *lent
	// every is how long a finished read is good enough for the next one who asks.
	every  time.Duration
	closed bool
	// flights are the reads under way, and those that are good enough for
	// somebody still: one that serves nobody must not keep its connections in memory.
	flights map[Lists]*flight
	// ringsAt is when the rings were last read.
	ringsAt time.Time

	bell bell
}

// Read is what is known after a read that has ended.
type Read struct {
	Snapshot ledger.Snapshot
	// Began is when it began, Landed when it ended.
	Began, Landed time.Time
}

// flight is one read, under way until done is closed.
type flight struct {
	Read
	done   chan struct{}
	cancel context.CancelFunc
	// from is what the read is made of.
	from *lent
	// until gives the read up once it serves nobody any more.
	until *time.Timer
	// err is why there is no snapshot: a fault of our own.
	err error
}

// New are reads from a source into a ledger, each of which serves for so long.
func New(from source.Source, ledger *ledger.Ledger, every time.Duration) *Shared {
	return &Shared{from: &lent{source: from}, ledger: ledger, every: every, flights: map[Lists]*flight{}, bell: newBell()}
}

// One returns what is known after a read that is good enough for n. Its errors
// are faults of our own, or those of ctx.
func (s *Shared) One(ctx context.Context, n Need) (ledger.Snapshot, error) {
	read, err := s.await(ctx, s.join(ctx, n.Lists, time.Time{}))
	return read.Snapshot, err
}

// Each returns for each need a read that is good enough for it. What must be
// read anew is read at once for all. Its errors are as those of One.
func (s *Shared) Each(ctx context.Context, needs []Need) ([]Read, error) {
	reads := make([]Read, len(needs))
	var wanting []int
	var missing Lists
	for i, n := range needs {
		if f := s.kept(n); f != nil {
			reads[i] = f.Read
		} else {
			wanting, missing = append(wanting, i), missing.and(n.Lists)
		}
	}
	if len(wanting) == 0 {
		return reads, nil
	}
	fresh, err := s.await(ctx, s.join(ctx, missing, time.Time{}))
	for _, i := range wanting {
		reads[i] = fresh
	}
	return reads, err
}

func (*Shared) await(ctx context.Context, f *flight) (Read, error) {
	select {
	case <-f.done:
		return f.Read, f.err
	case <-ctx.Done():
		return Read{}, ctx.Err()
	}
}

// kept returns a finished read that is good enough for n, if there is one.
func (s *Shared) kept(n Need) *flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	for serves, f := range s.flights {
		if f.Landed.IsZero() || !f.Snapshot.AnsweredAny() || time.Since(f.Landed) >= n.Freshness.goodFor(s.every, len(f.Snapshot.Open)) {
			continue
		}
		// Each snapshot has all stops that were known, whatever it was read for.
		rings := n.Freshness == Known && time.Since(s.ringsAt) < knownFor
		if serves.covers(n.Lists) || rings && serves.covers(Lists{Open: n.Open}) {
			return f
		}
	}
	return nil
}

// join returns a read under way that serves, one that is current, or a new one; none
// that began before since.
func (s *Shared) join(ctx context.Context, l Lists, since time.Time) *flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	for serves, f := range s.flights {
		if serves.covers(l) && !f.Began.Before(since) && (f.Landed.IsZero() || time.Since(f.Landed) < s.every) {
			return f
		}
	}
	// Whoever began a read may leave; the others still want it.
	shared, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight{Read: Read{Began: time.Now()}, done: make(chan struct{}), cancel: cancel, from: s.from}
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
func (s *Shared) fly(ctx context.Context, l Lists, f *flight) {
	defer f.cancel()
	f.err = guard.Run(ctx, "the read of the servers", func() {
		readings := f.from.source.Read(ctx, source.Request{Closed: l.Closed, Open: l.Open, Top: l.Top, Plan: s.ledger.Plan})
		logRead(ctx, readings, time.Since(f.Began))
		f.Snapshot = s.ledger.Merge(readings)
	})
	s.land(l, f)
	close(f.done)
}

func (s *Shared) land(l Lists, f *flight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.Landed = time.Now()
	f.from.returned()
	if f.err != nil || s.closed {
		s.giveUp(l, f)
		return
	}
	if l.Closed {
		s.ringsAt = f.Landed
	}
	serves := s.every
	if l.allOpen() {
		serves = max(Recent.goodFor(s.every, len(f.Snapshot.Open)), Known.goodFor(s.every, 0))
	}
	f.until = time.AfterFunc(serves, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.giveUp(l, f)
	})
}

// giveUp drops a read, if no other took its place.
func (s *Shared) giveUp(l Lists, f *flight) {
	if f.until != nil {
		f.until.Stop()
	}
	if s.flights[l] == f {
		delete(s.flights, l)
	}
}

// Adopt has later reads serve for so long.
func (s *Shared) Adopt(every time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.every = every
}

// ReadFrom has later reads come from another source; those under way end first.
func (s *Shared) ReadFrom(from source.Source) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.from
	s.from = &lent{source: from}
	before.retire((source.Source).Close)
}

// Forget has a server that does not answer not be missing any more.
func (s *Shared) Forget(serverID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.from.source.Forget(serverID)
	for l, f := range s.flights {
		if !f.Landed.IsZero() {
			s.giveUp(l, f)
		}
	}
}

// Rest ends connections until the next read.
func (s *Shared) Rest() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.from.retire((source.Source).Rest)
}

// Close ends the reads that are under way, and at once those that come later.
func (s *Shared) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for l, f := range s.flights {
		f.cancel()
		if !f.Landed.IsZero() {
			s.giveUp(l, f)
		}
	}
	s.from.source.Close()
}

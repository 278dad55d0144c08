package reads

import (
	"context"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/pkg/source"
)

const (
	// settling is how long a read waits for what was told to be written: servers tell
	// first (nats-server.md#stops-are-told).
	settling = 20 * time.Millisecond
	// Between two reads that a bell asks for there is shortestRest at least, and
	// restPerRead times as long as the last one took: however many stops are told,
	// servers and Grafana spend a small share of their time on it.
	shortestRest = 100 * time.Millisecond
	restPerRead  = 9
)

// KeepUp reads every so often until it is told to stop, so that history is
// kept while nobody looks; and at once where a bell tells of news. It outlives ctx,
// which only says whose it is.
func (s *Shared) KeepUp(ctx context.Context, every time.Duration, bells ...source.Bell) (stop context.CancelFunc) {
	ctx, stop = context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		defer s.listen(bells)()
		var since time.Time
		for ctx.Err() == nil {
			// Waiting for each read keeps those of a server that hangs from piling up.
			read, err := s.await(ctx, s.join(ctx, Lists{Closed: true}, since))
			if err != nil && ctx.Err() == nil {
				backend.Logger.FromContext(ctx).Warn("Background sync failed", "error", err)
			}
			since = time.Time{}
			// A panel's read may have served, and then the next is due the sooner.
			select {
			case <-time.After(untilDue(read, every)):
			case <-s.bell.woken:
				since = s.answer(ctx, read, untilDue(read, every))
			case <-ctx.Done():
			}
		}
	}()
	return stop
}

// untilDue is how long a read serves who reads every so often.
func untilDue(r Read, every time.Duration) time.Duration {
	if age := time.Since(r.Landed); age < every {
		return every - age
	}
	return every
}

// listen has bells ring until stop is called.
func (s *Shared) listen(bells []source.Bell) (stop func()) {
	stops := make([]func(), len(bells))
	for i, b := range bells {
		stops[i] = b.Listen(s.bell.ring)
	}
	return func() {
		for _, stop := range stops {
			stop()
		}
	}
}

// answer waits for its turn after the last read, though not beyond the time at which
// one is due anyway, and has the next one look at whoever rang. It returns the moment
// before which no read may have begun.
func (s *Shared) answer(ctx context.Context, last Read, due time.Duration) (since time.Time) {
	rest := max(shortestRest, restPerRead*last.Landed.Sub(last.Began))
	select {
	case <-time.After(min(due, max(settling, rest-time.Since(last.Landed)))):
	case <-ctx.Done():
	}
	for id := range s.bell.take() {
		s.ledger.Stir(id)
	}
	return time.Now()
}

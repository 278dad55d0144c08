package reads

import (
	"context"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// KeepUp reads every so often until it is told to stop, so that history is
// kept while nobody looks. It outlives ctx, which only says whose it is.
func (s *Shared) KeepUp(ctx context.Context, every time.Duration) (stop context.CancelFunc) {
	ctx, stop = context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		for ctx.Err() == nil {
			// Waiting for each read keeps those of a server that hangs from piling up.
			read, err := s.await(ctx, s.join(ctx, Lists{Closed: true}))
			if err != nil && ctx.Err() == nil {
				backend.Logger.FromContext(ctx).Warn("Background sync failed", "error", err)
			}
			// A panel's read may have served, and then the next is due the sooner.
			select {
			case <-time.After(untilDue(read, every)):
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

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
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for ctx.Err() == nil {
			// Waiting for each read keeps those of a server that hangs from piling up.
			if _, err := s.One(ctx, Need{Lists: Lists{Closed: true}}); err != nil && ctx.Err() == nil {
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

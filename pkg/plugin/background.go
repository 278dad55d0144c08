package plugin

import (
	"context"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

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

package plugin

import (
	"context"
	"time"
)

// keepUp syncs every so often until the syncer is closed, so that history is
// kept while nobody looks.
func (s *syncer) keepUp(ctx context.Context, every time.Duration) {
	ctx, s.stopKeepingUp = context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for ctx.Err() == nil {
			// Waiting for each read keeps those of a server that hangs from piling up.
			if snapshot, err := s.sync(ctx, need{closed: true}); err == nil {
				logMissing(ctx, snapshot)
			}
			select {
			case <-ticker.C:
			case <-ctx.Done():
			}
		}
	}()
}

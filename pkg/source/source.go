package source

import (
	"context"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Request says what to read from every server.
type Request struct {
	// Closed asks for the ring of closed connections, Open for the open ones.
	Closed, Open bool
	// Top: of the open ones these are enough, if a server has many.
	Top Top
	// Patient: wait also for servers that lately did not answer in time,
	// instead of taking their last error for the present one.
	Patient bool
	// Plan decides how much of a server's ring to read, once its counters are
	// known; nil asks for all of it.
	Plan func(model.Server) model.RingPlan
}

// Bell is a source that servers tell of stops as they happen. They do not tell of
// all, so a bell only says where to look sooner.
type Bell interface {
	// Listen calls heard with the id of a server where something stopped, until stop
	// is called. It does not dial, and heard must return at once.
	Listen(heard func(serverID string)) (stop func())
}

// Source asks every server of a NATS system side by side.
type Source interface {
	// Read returns one reading per endpoint, in configuration order. A server
	// that fails is a reading with Err set (an [*Error]), never a missing one.
	Read(ctx context.Context, req Request) []model.Reading
	// Forget has a server that does not answer not be missing any more, unless
	// the settings name it.
	Forget(serverID string)
	// Rest ends what the source keeps open, until the next read.
	Rest()
	// Close ends what the source keeps open, for good.
	Close()
}

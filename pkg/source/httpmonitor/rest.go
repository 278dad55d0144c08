package httpmonitor

import (
	"context"
	"errors"
	"sync"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// rest spares readers the wait for a server that did not answer in time: until
// it answers a probe, they get its last error at once. Without it each read
// would take the whole timeout, and a dashboard several of them.
type rest struct {
	mu      sync.Mutex
	err     error
	cancel  context.CancelFunc // of the probe under way
	retired bool
}

// note takes the outcome of a read.
func (r *rest) note(err error) {
	var failure *source.Error
	isFailure := errors.As(err, &failure)
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case isFailure && failure.Kind == source.KindTimeout:
		r.err = err
	case isFailure && failure.Kind == source.KindCanceled:
		// Nobody waited, so nothing was learnt.
	default:
		r.err = nil
	}
}

// resting returns the error to give meanwhile, and sees to it that a probe is
// under way.
func (r *rest) resting(ctx context.Context, probe func(context.Context) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil || r.retired || r.cancel != nil {
		return r.err
	}
	// The probe outlives the read that began it, but not the source.
	alone, cancel := context.WithCancel(context.WithoutCancel(ctx))
	r.cancel = cancel
	go func() {
		defer cancel()
		err := probe(alone)
		r.note(err)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.cancel = nil
	}()
	return r.err
}

// retire ends the probe and starts no more.
func (r *rest) retire() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.retired = true
	if r.cancel != nil {
		r.cancel()
	}
}

// read reads the server unless it rests.
func (e *endpoint) read(ctx context.Context, req source.Request) model.Reading {
	if !req.Patient {
		if err := e.rest.resting(ctx, e.probe); err != nil {
			return model.Reading{Endpoint: e.label, Err: err}
		}
	}
	r := e.readTwice(ctx, req)
	e.rest.note(r.Err)
	return r
}

// probe asks for the counters alone.
func (e *endpoint) probe(ctx context.Context) error { return e.readOnce(ctx, source.Request{}).Err }

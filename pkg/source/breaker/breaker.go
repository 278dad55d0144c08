package breaker

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// Breaker is for one server. After it did not answer in time, and until it
// answers a probe, readers get its last error at once. Without that each read
// would take the whole timeout, and a dashboard several of them. After it refused
// a login, readers get that for a while, longer each time; after it asked to be
// left alone, for as long as it asked, but half a minute at the most.
type Breaker struct {
	mu      sync.Mutex
	err     error
	cancel  context.CancelFunc // of the probe under way
	retired bool
	// refusal is how a login was refused, or who asked to be left alone, until when
	// nobody tries it again, and how long that was: each attempt may count towards
	// locking the login.
	refusal error
	until   time.Time
	rest    time.Duration
}

// How long a login rests that was refused: later each time.
const (
	firstRest = 30 * time.Second
	maxRest   = 4 * time.Minute
)

// Note takes the outcome of a read.
func (b *Breaker) Note(err error) {
	var failure *source.Error
	isFailure := errors.As(err, &failure)
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case isFailure && failure.Kind == source.KindTimeout:
		b.err = err
	case isFailure && failure.Kind == source.KindAuth:
		b.err, b.refusal = nil, err
		b.rest = min(max(2*b.rest, firstRest), maxRest)
		b.until = time.Now().Add(b.rest)
	case isFailure && failure.Rest > 0:
		b.err, b.refusal, b.rest = nil, err, 0
		b.until = time.Now().Add(min(failure.Rest, firstRest))
	case isFailure && failure.Kind == source.KindCanceled:
		// Nobody waited, so nothing was learnt.
	default:
		b.err, b.refusal, b.rest = nil, nil, 0
	}
}

// Open returns the error to give meanwhile, and sees to it that a probe is
// under way; nil if the server may be asked.
func (b *Breaker) Open(ctx context.Context, probe func(context.Context) error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refusal != nil && time.Now().Before(b.until) {
		return b.refusal
	}
	if b.err == nil || b.retired || b.cancel != nil {
		return b.err
	}
	// The probe outlives the read that began it, but not the source.
	alone, cancel := context.WithCancel(context.WithoutCancel(ctx))
	b.cancel = cancel
	go func() {
		defer cancel()
		var err error
		if fault := guard.Run(alone, "asking whether a server answers again", func() { err = probe(alone) }); fault != nil {
			err = fault
		}
		b.Note(err)
		b.mu.Lock()
		defer b.mu.Unlock()
		b.cancel = nil
	}()
	return b.err
}

// Retire ends the probe and starts no more.
func (b *Breaker) Retire() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.retired = true
	if b.cancel != nil {
		b.cancel()
	}
}

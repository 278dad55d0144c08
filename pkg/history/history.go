package history

import (
	"context"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
)

// awaitFor is how long a query waits for the past before it is answered without it.
const awaitFor = 10 * time.Second

// History is the past of one ledger: read once at the start, and written from then
// on. It is safe for concurrent use.
type History struct {
	*worker
	// unsubscribe ends the news.
	unsubscribe func()
	// begin starts the work, with the first who asks; quit ends it, ended is closed then.
	begin sync.Once
	life  context.Context
	quit  context.CancelFunc
	ended chan struct{}
}

// Open makes a history of a ledger; it does not dial, and outlives ctx. TLS and
// proxy are those of opts.
func Open(ctx context.Context, opts httpclient.Options, cfg Config, of *ledger.Ledger) (*History, error) {
	link, err := natslink.New(ctx, opts, cfg.NATS, dialTimeout)
	if err != nil {
		return nil, err
	}
	if cfg.Backlog == 0 {
		cfg.Backlog = DefaultBacklog
	}
	w := &worker{
		config: cfg, link: link, ledger: of, pending: newPending(cfg.Backlog, cfg.Write),
		telling: &telling{state: State{Unread: true}, tried: make(chan struct{})}, heads: map[string]head{},
	}
	h := &History{worker: w, ended: make(chan struct{})}
	h.life, h.quit = context.WithCancel(context.WithoutCancel(ctx))
	h.unsubscribe = of.Subscribe(h.pending.Tell)
	_, h.pending.told = of.Standing("")
	return h, nil
}

// Await waits until the ledger knows the past, or until that takes too long: then
// the answer is without it, and says so.
func (h *History) Await(ctx context.Context) {
	h.begin.Do(func() {
		go func() {
			defer close(h.ended)
			h.run(h.life)
		}()
	})
	timeout := time.NewTimer(awaitFor)
	defer timeout.Stop()
	select {
	case <-h.telling.tried:
	case <-h.ended:
	case <-ctx.Done():
	case <-timeout.C:
	}
}

// Close ends the history for good, once what waits is written or that takes too long.
func (h *History) Close() {
	h.unsubscribe()
	h.begin.Do(func() {
		h.link.Close()
		close(h.ended)
	})
	h.quit()
}

// State is how it stands now.
func (h *History) State() State {
	s := h.telling.now()
	s.Waiting = h.pending.size()
	return s
}

// Rest ends the connection until there is something to be written.
func (h *History) Rest() { h.link.Rest() }

// Ended is closed once a closed history has ended.
func (h *History) Ended() <-chan struct{} { return h.ended }

// First has a source wait for the past before its first read.
func (h *History) First(s source.Source) source.Source { return &after{s, h} }

type after struct {
	source.Source
	past *History
}

// Read implements [source.Source].
func (a *after) Read(ctx context.Context, req source.Request) []model.Reading {
	a.past.Await(ctx)
	return a.Source.Read(ctx, req)
}

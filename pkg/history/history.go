package history

import (
	"context"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/pkg/history/block"
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
	// inbox is where the news comes in, until it is unsubscribed.
	inbox       *inbox
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
	h, err := prepare(ctx, opts, cfg, of)
	if err != nil {
		return nil, err
	}
	h.inbox, h.pending.begins = &inbox{to: h.pending}, true
	h.unsubscribe = of.Subscribe(h.inbox.Tell)
	_, h.pending.told = of.Standing("")
	return h, nil
}

// prepare makes one that nobody tells of news.
func prepare(ctx context.Context, opts httpclient.Options, cfg Config, of *ledger.Ledger) (*History, error) {
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
	return h, nil
}

// Reopen is [Open] by other settings, and [History.Close]. What waits to be written
// goes on waiting there, if it is of the same subjects: the stream may be away, which
// is often why settings are changed, and the servers' rings turn over meanwhile.
func (h *History) Reopen(ctx context.Context, opts httpclient.Options, cfg Config) (*History, error) {
	if !cfg.continues(h.config) {
		next, err := Open(ctx, opts, cfg, h.ledger)
		if err == nil {
			h.Close()
		}
		return next, err
	}
	next, err := prepare(ctx, opts, cfg, h.ledger)
	if err != nil {
		return nil, err
	}
	// What is being written may still get into the stream, where the next one finds it;
	// nothing more is, so that no block says that all is there without what waits.
	h.link.Close()
	h.link.Rest()
	h.inbox.handOver(next.pending, cfg.Nameless)
	next.inbox, next.unsubscribe, h.unsubscribe = h.inbox, h.unsubscribe, func() {}
	h.Close()
	return next, nil
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

// Extent is what the stream holds.
type Extent struct {
	// First and Last are the sequences of its oldest and its newest message.
	First, Last uint64
	// Messages is how many it has, Bytes how long they are, Removed how many are missing
	// between them.
	Messages, Bytes uint64
	Removed         int
	// Made is when the stream was made; Ahead is how far its clock is ahead of ours.
	Made  time.Time
	Ahead time.Duration
}

// Entry is a block of the stream, or why it cannot be read.
type Entry struct {
	ServerID string
	// At is when it was written, by the stream's clock.
	At    time.Time
	Block block.Block
	Err   error
}

// Reader reads the stream for who asks beyond what the ledger keeps.
type Reader struct {
	view   *view
	config Config
}

// Reader also tells what there is to read. Its errors are [*source.Error].
func (h *History) Reader(ctx context.Context) (*Reader, Extent, error) {
	cfg := h.config
	cfg.Create = false
	v, err := open(ctx, h.link, cfg, false)
	if err != nil {
		return nil, Extent{}, err
	}
	state := v.info.State
	extent := Extent{
		First: state.FirstSeq, Last: state.LastSeq, Messages: state.Msgs, Bytes: state.Bytes, Removed: state.NumDeleted, Made: v.info.Created,
	}
	if !v.info.TimeStamp.IsZero() {
		extent.Ahead = time.Until(v.info.TimeStamp)
	}
	return &Reader{v, cfg}, extent, nil
}

// Each calls take with each of our blocks from a sequence until before another one; the
// stops of a block are there until take returns. Its errors are [*source.Error].
func (r *Reader) Each(ctx context.Context, from, before uint64, take func(Entry)) error {
	of := scope{subject: r.config.Prefix + ".*", fromSequence: from, before: before}
	var decoder block.Decoder
	var room []model.Stop
	err := r.view.each(ctx, of, func(m message) error {
		if id, ours := r.config.serverOf(m.subject); ours {
			b, err := r.config.decode(&decoder, id, m, room)
			take(Entry{id, m.at, b, err})
			room = b.Stops
		}
		return nil
	})
	if err != nil {
		return failure(r.config, source.StepRecall, err)
	}
	return nil
}

// Late is how long after it stopped a record may be written at the most, and how far
// clocks of the stream's servers may be apart.
const Late = late

// Unwritten is how many records wait to be written that stopped before a time of
// their server.
func (h *History) Unwritten(before func(serverID string) time.Time) int {
	h.pending.mu.Lock()
	defer h.pending.mu.Unlock()
	count := 0
	for id, u := range h.pending.servers {
		limit := before(id)
		for _, s := range u.stops {
			if s.At.Before(limit) {
				count++
			}
		}
	}
	return count
}

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

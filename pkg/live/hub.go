package live

import (
	"maps"
	"slices"
	"sync"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// Hub hands the news of a ledger to the channels that are open. It is safe for
// concurrent use.
type Hub struct {
	mu   sync.Mutex
	open map[*Channel]struct{}
	// latest is what was known at the last news.
	latest ledger.Snapshot
}

// Tell is told what a ledger learned, in order.
func (h *Hub) Tell(news ledger.News) {
	h.mu.Lock()
	h.latest = news.Snapshot
	open := slices.Collect(maps.Keys(h.open))
	h.mu.Unlock()
	if len(open) == 0 {
		return
	}
	var stops []model.Stop
	for _, ring := range news.Rings {
		stops = append(stops, news.Shown(ring)...)
	}
	for _, c := range open {
		c.tell(news.Snapshot, stops)
	}
}

// Latest is the newer of what is known and what the hub heard last: no open
// channel has told of anything that is not in it.
func (h *Hub) Latest(known ledger.Snapshot) ledger.Snapshot {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.latest.Merge > known.Merge {
		return h.latest
	}
	return known
}

// Open opens a channel for what the conditions admit, which collects from now
// on; see [Channel.Begin].
func (h *Hub) Open(path string, where []fields.Condition, classifier *reason.Classifier) *Channel {
	c := &Channel{path: path, where: where, classifier: classifier, wake: make(chan struct{}, 1)}
	c.leave = func() { h.close(c) }
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.open == nil {
		h.open = map[*Channel]struct{}{}
	}
	h.open[c] = struct{}{}
	return c
}

// Sent is how far the stream of a path is, if there is one.
func (h *Hub) Sent(path string) Position {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.open {
		if c.path == path {
			return c.position()
		}
	}
	return Position{}
}

func (h *Hub) close(c *Channel) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.open, c)
}

package ledger

import (
	"iter"
	"math"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/clock"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// Standing is what is known of a server process besides its records, so that
// another ledger can go on from there. Times are by our clock.
type Standing struct {
	Server   model.Server
	Endpoint string
	// Place is the id of the process that was first met in its place, Former of the
	// one in whose place it runs; empty if none is known.
	Place, Former string
	// Clock is what is known of the server's clock when the ring was read.
	Clock clock.Clock
	// HeardAt is when the newest read of its ring was made, Touched when it was last
	// heard at all.
	HeardAt, Touched time.Time
	// Since is when its records begin, Dropped the newest that was forgotten.
	Since, Dropped time.Time
	// Clients and Leafnodes are how many records of each were ever seen; Forgotten is how
	// many of the clients never were: their gaps are no longer told.
	Clients, Leafnodes, Forgotten int64
	// Evicted is how many had left the ring before first contact, Doubts how many more
	// reads may lower that.
	Evicted int64
	Doubts  int
	Gaps    []books.Gap
	// Unsettled is a gap that is not told yet.
	Unsettled *books.Unsettled
	// FirstReadAt is when the ring was first read, OldestAtFirst its oldest record then.
	FirstReadAt, OldestAtFirst time.Time
	// RingSize is how many records the ring held; less than 0: nobody said.
	RingSize int64
}

// Known is how many records were ever seen.
func (s *Standing) Known() int64 { return s.Clients + s.Leafnodes - s.Forgotten }

// Existing is how many there were at the most, as far as the server has told that.
func (s *Standing) Existing() int64 {
	open := books.Unsettled{}
	if s.Unsettled != nil {
		open = *s.Unsettled
	}
	if s.Server.Uncounted || s.Leafnodes > 0 || !open.Overrun.IsZero() {
		return math.MaxInt64
	}
	return s.Clients + s.Evicted + books.Lost(s.Gaps) + open.Lost
}

// Standing is where the books of a process stand after so many merges; nil if
// nothing is kept of it.
func (l *Ledger) Standing(serverID string) (standing *Standing, merges int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.processes[serverID]
	if h == nil || h.ringReadAt.IsZero() {
		return nil, l.merges
	}
	s := Standing{
		Server: h.server, Endpoint: h.endpoint, Place: h.origin,
		Clock:   clock.Clock{Offset: h.clock.Offset, Measured: h.clock.Measured, Doubt: h.clock.Doubt, Told: h.ringReadAt},
		HeardAt: h.heardAt, Touched: h.touched, Since: h.own().Since, Dropped: h.dropped,
		Clients: h.clients, Leafnodes: h.leafnodes, Forgotten: h.forgotten, Evicted: h.books.Evicted, Doubts: h.books.Doubts, Unsettled: h.books.Open,
		FirstReadAt: h.firstReadAt, OldestAtFirst: h.oldestAtFirst, RingSize: h.size,
	}
	if h.former != nil {
		s.Former = h.former.server.ID
	}
	for _, gap := range h.books.Gaps {
		s.Gaps = append(s.Gaps, gap.Gap)
	}
	return &s, l.merges
}

// Shown are the stops that the ring of a server process showed, or a history had, save
// for those that were left out, the newest first.
type Shown struct {
	ServerID string
	Stops    iter.Seq[*model.Stop]
}

// Shown are all that are kept after so many merges, but for those of some connections
// and times.
func (l *Ledger) Shown(but func(serverID string, cid uint64, at int64) bool) (shown []Shown, merges int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	symbols := l.symbols.Symbols(l.naming(nil))
	for _, h := range inOrder(l.processes) {
		if h.unread() {
			continue
		}
		id, table := h.server.ID, h.kept
		var places []int
		begin := 0
		for part := range table.Spans(0, table.Len()) {
			for i := part.From; i < part.To; i++ {
				if cid := part.CID[i]; !but(id, cid, part.At[i]) && !h.advised.Has(cid) {
					places = append(places, begin+i-part.From)
				}
			}
			begin += part.To - part.From
		}
		if len(places) == 0 {
			continue
		}
		slices.Reverse(places)
		shown = append(shown, Shown{id, func(yield func(*model.Stop) bool) {
			for _, i := range places {
				if !yield(reported(&symbols, table.Get(i), id)) {
					return
				}
			}
		}})
	}
	return shown, l.merges
}

// reported is a stop as its server told it.
func reported(symbols *store.Symbols, one store.Row, serverID string) *model.Stop {
	var stop model.Stop
	symbols.Stop(one, serverID, &stop)
	stop.Account = symbols.Accounts[one.ID(store.ColumnAccount)].Reported
	return &stop
}

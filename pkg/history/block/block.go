package block

import (
	"math"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/clock"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Version is that of the blocks that are written here. A block of a higher one is not
// read; members may be added without a new one.
const Version = 1

// Block is a part of a server process's past as it is written.
type Block struct {
	// Writer is who wrote it.
	Writer string
	// Written is how many records of the process there are until here, these among them,
	// whether or not all of them were written. Where the next block's is more than that and
	// its own records, some are missing; where it is less, some came after all.
	Written int64
	ledger.Standing
	// Stops are records of the process, newest first, by our clock, and of one clock
	// offset.
	Stops []model.Stop
}

// Unseen is how many of the records its writer never saw, so that its gaps tell of them as
// well; 0 where nobody counts what gaps have lost.
func (b *Block) Unseen() int64 {
	if b.Existing() == math.MaxInt64 {
		return 0
	}
	return max(b.Written-b.Known(), 0)
}

// header is the member history of a block. Times are by the writer's clock, what
// ends in _ns are nanoseconds.
type header struct {
	Version int    `json:"version"`
	Writer  string `json:"writer"`
	Written int64  `json:"written"`
	Server  server `json:"server"`
	// ClockOffset is what is to be taken out of the records' times.
	ClockOffset time.Duration `json:"clock_offset_ns,omitempty"`
	Coverage    coverage      `json:"coverage"`
	Books       bookkeeping   `json:"books"`
}

type server struct {
	ID        string        `json:"id"`
	Name      string        `json:"name"`
	Cluster   string        `json:"cluster,omitempty"`
	Version   string        `json:"version,omitempty"`
	Endpoint  string        `json:"endpoint"`
	Start     time.Time     `json:"start,omitzero"`
	Place     string        `json:"place,omitempty"`
	Former    string        `json:"former,omitempty"`
	Up        time.Duration `json:"up_ns,omitempty"`
	Members   int64         `json:"members,omitempty"`
	Uncounted bool          `json:"uncounted,omitempty"`
	Limits    *model.Limits `json:"limits,omitempty"`
}

// coverage is what the records prove: they are complete from Since until Until, save
// for gaps.
type coverage struct {
	Since         time.Time `json:"since,omitzero"`
	Until         time.Time `json:"until"`
	EvictedBefore int64     `json:"evicted_before,omitempty"`
	Gaps          []gap     `json:"gaps,omitempty"`
}

type gap struct {
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	Lost    int64     `json:"lost,omitempty"`
	Restart bool      `json:"restart,omitempty"`
	History bool      `json:"history,omitempty"`
}

// bookkeeping is what the next reading is compared with, see [ledger.Standing].
type bookkeeping struct {
	Total         int64          `json:"total"`
	Open          int64          `json:"open"`
	Counters      model.Counters `json:"counters"`
	Seen          int64          `json:"seen"`
	Leafnodes     int64          `json:"seen_leafnodes,omitempty"`
	Forgotten     int64          `json:"forgotten,omitempty"`
	Heard         time.Time      `json:"heard,omitzero"`
	Touched       time.Time      `json:"touched,omitzero"`
	Dropped       time.Time      `json:"dropped,omitzero"`
	FirstRead     time.Time      `json:"first_read,omitzero"`
	OldestAtFirst time.Time      `json:"oldest_at_first,omitzero"`
	RingSize      int64          `json:"ring_size"`
	Doubts        int            `json:"doubts,omitempty"`
	Unsettled     *unsettled     `json:"unsettled,omitempty"`
	// Clock is the server's own.
	ClockOffset time.Duration `json:"clock_offset_ns,omitempty"`
	Measured    time.Duration `json:"clock_measured_ns,omitempty"`
	Doubt       time.Duration `json:"clock_doubt_ns,omitempty"`
	Told        time.Time     `json:"clock_told"`
}

type unsettled struct {
	gap
	Leafnodes bool      `json:"leafnodes,omitempty"`
	Overrun   time.Time `json:"overrun,omitzero"`
	Since     time.Time `json:"since"`
	Reads     int       `json:"reads,omitempty"`
}

func headerOf(b *Block) header {
	s := &b.Standing
	h := header{
		Version: Version, Writer: b.Writer, Written: b.Written,
		Server: server{
			ID: s.Server.ID, Name: s.Server.Name, Cluster: s.Server.Cluster, Version: s.Server.Version, Endpoint: s.Endpoint,
			Start: s.Server.Start, Place: s.Place, Former: s.Former, Up: s.Server.Up, Members: s.Server.Members, Uncounted: s.Server.Uncounted,
		},
		Coverage: coverage{Since: s.Since, Until: s.Server.Now, EvictedBefore: s.Evicted},
		Books: bookkeeping{
			Total: s.Server.Total, Open: s.Server.Open, Counters: s.Server.Counters, Seen: s.Clients, Leafnodes: s.Leafnodes, Forgotten: s.Forgotten,
			Heard: s.HeardAt, Touched: s.Touched, Dropped: s.Dropped, FirstRead: s.FirstReadAt, OldestAtFirst: s.OldestAtFirst,
			RingSize: s.RingSize, Doubts: s.Doubts,
			ClockOffset: s.Clock.Offset, Measured: s.Clock.Measured, Doubt: s.Clock.Doubt, Told: s.Clock.Told,
		},
	}
	if limits := s.Server.Limits; limits != (model.Limits{}) {
		h.Server.Limits = &limits
	}
	if len(b.Stops) > 0 {
		h.ClockOffset = b.Stops[0].ServerAt.Sub(b.Stops[0].At)
	}
	for _, g := range s.Gaps {
		h.Coverage.Gaps = append(h.Coverage.Gaps, gap(g))
	}
	if u := s.Unsettled; u != nil {
		h.Books.Unsettled = &unsettled{gap(u.Gap), u.Leaves, u.Overrun, u.Since, u.Reads}
	}
	return h
}

func (h *header) standing() ledger.Standing {
	s := ledger.Standing{
		Server: model.Server{
			ID: h.Server.ID, Name: h.Server.Name, Cluster: h.Server.Cluster, Version: h.Server.Version,
			Start: h.Server.Start, Now: h.Coverage.Until, Up: h.Server.Up, Members: h.Server.Members, Uncounted: h.Server.Uncounted,
			Total: h.Books.Total, Open: h.Books.Open, Counters: h.Books.Counters,
		},
		Endpoint: h.Server.Endpoint, Place: h.Server.Place, Former: h.Server.Former,
		Clock:   clock.Clock{Offset: h.Books.ClockOffset, Measured: h.Books.Measured, Doubt: h.Books.Doubt, Told: h.Books.Told},
		HeardAt: h.Books.Heard, Touched: h.Books.Touched, Since: h.Coverage.Since, Dropped: h.Books.Dropped,
		Clients: h.Books.Seen, Leafnodes: h.Books.Leafnodes, Forgotten: h.Books.Forgotten, Evicted: h.Coverage.EvictedBefore, Doubts: h.Books.Doubts,
		FirstReadAt: h.Books.FirstRead, OldestAtFirst: h.Books.OldestAtFirst, RingSize: h.Books.RingSize,
	}
	if h.Server.Limits != nil {
		s.Server.Limits = *h.Server.Limits
	}
	for _, g := range h.Coverage.Gaps {
		s.Gaps = append(s.Gaps, books.Gap(g))
	}
	if u := h.Books.Unsettled; u != nil {
		s.Unsettled = &books.Unsettled{Gap: books.Gap(u.gap), Leaves: u.Leafnodes, Overrun: u.Overrun, Since: u.Since, Reads: u.Reads}
	}
	return s
}

package ledger

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger/advised"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/clock"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// placeID numbers the places in which one server process after the other runs
// (decision D13); 0 is none.
type placeID = uint32

// process is what is known of one server process. All times are by our clock.
type process struct {
	// server is who answered last, as it was at the last read of its ring.
	server model.Server
	clock  clock.Clock
	// endpoint is where its ring was read last.
	endpoint string
	place    placeID
	// origin is the id of the process that was first met in that place.
	origin string
	// former is the process in whose place this one runs, while it is remembered.
	former *process
	// heardAt is when the newest read of its ring was made; touched is when it was
	// last heard at all.
	heardAt, touched time.Time

	// kept are the stops in memory, oldest first; known are their cids.
	kept  store.Table
	known store.CIDSet
	// dropped is the newest stop that was dropped here for age or count.
	dropped time.Time
	// clients and leafnodes are how many records of each were ever seen, kept or not;
	// forgotten is how many of the clients never were: their gaps are no longer told.
	clients, leafnodes, forgotten int64
	// ahead are the times of those clients that stopped after the newest counters
	// told, and are not in them.
	ahead []time.Time
	books books.Books
	// firstReadAt is when the ring was first read, oldestAtFirst its oldest record then.
	firstReadAt, oldestAtFirst time.Time
	// size is how many records the ring held at the last read; less than 0: nobody said.
	size int64
	// ringReadAt is when the ring was last read, by the server's own clock; zero before.
	ringReadAt time.Time
	// restless: the last read found something, or there is said to be something, so
	// the next one looks again whatever the counters say: a record may be written a
	// moment after them.
	restless bool
	// slipped: the clock was put back, so the next read takes the whole ring.
	slipped bool
	// flaws are what could not be read when the ring last was.
	flaws []model.Flaw

	// recalledFrom is since when its records were recalled from a history that reaches
	// further back, by so many earlier records; zero if it does not, or none was.
	recalledFrom time.Time
	earlier      int64
	// lacks are spans of which the history lacks records; unseen is how many of these the
	// gaps tell of as well, while it is recalled.
	lacks  []books.Gap
	unseen int64
	// recalled: it was met by others, who wrote so in the history. untold are stops that
	// others read before we did, and nobody was told of here.
	recalled bool
	untold   []*model.Stop
	advised  advised.Kept
}

// packer makes records of one server's stops.
type packer func(s *model.Stop, arena *[]byte) store.Row

// add merges what was read of the ring, newest first, and returns what is new, and what
// only advisories had told; pack makes a record of a stop. The reading's times are ours
// by the clock.
func (h *process) add(reading model.Reading, by clock.Clock, pack packer) (news, confirmed []*model.Stop) {
	if !h.server.Start.IsZero() {
		// It began once, whatever its clock makes of that now.
		reading.Server.Start = h.server.Start
	}
	fresh := h.pick(reading)
	newest := h.newest()
	news, confirmed = h.advised.Others(fresh.stops)
	h.keep(fresh.all(news), pack)
	h.reachBack(fresh, reading)
	if !h.ringReadAt.IsZero() {
		h.books = h.books.Found(h.late(fresh, newest, reading), h.oldestAtFirst, h.overtaken(reading))
	}
	h.ahead = append(h.ahead, fresh.times...)
	if h.overtaken(reading) {
		// Its records count, its counters are old.
		h.ahead = after(h.ahead, h.server.Now)
		return news, confirmed
	}
	h.ahead = after(h.ahead, reading.Server.Now)
	if h.ringReadAt.IsZero() {
		h.firstReadAt, h.size = reading.Server.Now, -1
		if n := len(reading.Closed); n > 0 {
			h.oldestAtFirst = reading.Closed[n-1].At
		}
	}
	h.judge(reading, fresh, newest)
	h.note(reading, fresh, by)
	return news, confirmed
}

// tell are the stops that are news: those that were read, and those that others read
// before.
func (h *process) tell(read []*model.Stop) []*model.Stop {
	if len(h.untold) == 0 {
		return read
	}
	all := slices.Concat(h.untold, read)
	h.untold = nil
	slices.SortStableFunc(all, func(a, b *model.Stop) int { return a.At.Compare(b.At) })
	return all
}

// overtaken reports whether a newer read was merged before.
func (h *process) overtaken(r model.Reading) bool {
	return r.HeardAt.Before(h.heardAt) && !r.HeardAt.IsZero() || r.Server.Total < h.server.Total
}

// late are the times of what a read brought that may have been missing before.
// A read that was overtaken may have seen its ring after the newer one saw it:
// what stopped in between was in no gap.
func (h *process) late(fresh picked, newest time.Time, r model.Reading) []time.Time {
	if !h.overtaken(r) {
		return fresh.times
	}
	return slices.DeleteFunc(slices.Clone(fresh.times), func(at time.Time) bool { return at.After(newest) })
}

// after keeps the times after one.
func after(times []time.Time, limit time.Time) []time.Time {
	return slices.DeleteFunc(times, func(at time.Time) bool { return !at.After(limit) })
}

// lastHeard is when it was last heard, by our clock and no other.
func (h *process) lastHeard() time.Time {
	if h.heardAt.IsZero() {
		return h.server.Now
	}
	return h.heardAt
}

// endedBefore reports whether it was not heard since then, as far as clocks tell.
func (h *process) endedBefore(t time.Time) bool {
	return t.After(h.lastHeard().Add(-clock.Tolerance))
}

// newest is when the newest kept stop was that a ring or a history told.
func (h *process) newest() time.Time {
	for i := h.kept.Len() - 1; i >= 0; i-- {
		if !h.advised.Has(h.kept.Get(i).CID()) {
			return model.Moment(h.kept.At(i))
		}
	}
	return time.Time{}
}

// judge decides what the reading says of completeness.
func (h *process) judge(r model.Reading, fresh picked, newest time.Time) {
	o := books.Observation{
		Now: r.Server.Now, First: h.ringReadAt.IsZero(), Successor: h.former != nil,
		Joins:   fresh.meetsKnown || len(fresh.stops) == 0,
		Quiet:   len(fresh.stops) == 0 && r.Server.Counters == h.server.Counters,
		Grew:    h.size >= 0 && r.RingSize > h.size,
		Leaves:  h.leafnodes > 0 && h.size != 0,
		Missing: r.Server.Closed() - (h.clients - int64(len(h.ahead))),
	}
	o.Span = books.Gap{From: r.Server.Start, To: fresh.begin(r.Server.Now)}
	if !o.First {
		// Counters proved completeness until the last read, records until the newest.
		o.Span.From = h.server.Now
		o.Behind = newest.After(o.Span.From.Add(books.WrittenLate))
		if newest.After(o.Span.From) && !o.Behind {
			o.Span.From = newest
		}
		if o.Span.To.Before(o.Span.From) {
			o.Span.From = o.Span.To
		}
	}
	switch {
	case !r.Server.Uncounted:
		if len(h.ahead) > 0 {
			o.Ahead = slices.MaxFunc(h.ahead, time.Time.Compare)
		}
		h.books = books.Reconcile(h.books, o)
	case !o.First && h.size != 0 && !fresh.meetsKnown:
		// Nothing else tells that records left the ring unseen.
		h.books = h.books.Lacking(books.Gap{From: h.server.Now, To: o.Span.To})
	}
}

// note keeps what the next read is compared with.
func (h *process) note(r model.Reading, fresh picked, by clock.Clock) {
	h.restless = len(fresh.stops) > 0 || r.Server.Counters != h.server.Counters || h.books.Open != nil
	h.slipped = h.clock.Slipped(by)
	h.size = r.RingSize
	if h.size == 0 && len(r.Closed) > 0 {
		h.size = -1
	}
	h.server, h.endpoint, h.clock, h.heardAt, h.ringReadAt = r.Server, r.Endpoint, by, r.HeardAt, by.Told
	h.flaws = r.Flaws
}

// confirm notes that the server's counters stand still: what is known is
// complete until now.
func (h *process) confirm(r model.Reading, by clock.Clock) {
	if h.overtaken(r) || !r.Server.Now.After(h.server.Now) {
		return
	}
	h.server.Now, h.clock, h.heardAt = r.Server.Now, by, r.HeardAt
}

// sawBefore reports whether a stop of that time is one that others saw who wrote the
// history, and which that did not give back.
func (h *process) sawBefore(at time.Time) bool { return at.Before(h.recalledFrom) || h.makeGood(at) }

// makeGood takes a record of that time from what the history lacks.
func (h *process) makeGood(at time.Time) bool {
	for i, gap := range h.lacks {
		if gap.Lost > 0 && !at.Before(gap.From) && !at.After(gap.To) {
			h.lacks = slices.Clone(h.lacks)
			if h.lacks[i].Lost--; h.lacks[i].Lost == 0 {
				h.lacks = slices.Delete(h.lacks, i, i+1)
			}
			return true
		}
	}
	return false
}

// reachBack notes that the ring reaches further back than the history was recalled.
func (h *process) reachBack(fresh picked, r model.Reading) {
	if len(fresh.seen) > 0 && fresh.seen[0].At.Before(h.recalledFrom) {
		h.recalledFrom = fresh.seen[0].At
	}
	if !r.Server.Uncounted && h.leafnodes == 0 && int64(len(r.Closed)) >= r.Server.Closed() {
		h.recalledFrom = time.Time{}
	}
}

// unread reports whether all that is known of it is from advisories.
func (h *process) unread() bool { return h.ringReadAt.IsZero() }

// picked are the stops of a reading that were not known before.
type picked struct {
	stops []*model.Stop // oldest first
	// times are those of the clients among them.
	times []time.Time
	// seen are stops that others saw who wrote the history, and which it did not give
	// back: they are kept, and are no news.
	seen       []*model.Stop
	meetsKnown bool
}

// all are those to be kept, oldest first: the news, and what others saw.
func (p picked) all(news []*model.Stop) []*model.Stop {
	if len(p.seen) == 0 {
		return news
	}
	all := slices.Concat(p.seen, news)
	slices.SortStableFunc(all, func(a, b *model.Stop) int { return a.At.Compare(b.At) })
	return all
}

// begin is when the first of the stops was, or else now.
func (p picked) begin(now time.Time) time.Time {
	if len(p.stops) > 0 {
		return p.stops[0].At
	}
	return now
}

func (h *process) pick(reading model.Reading) picked {
	var fresh picked
	for i := range slices.Backward(reading.Closed) {
		stop := &reading.Closed[i]
		if h.known.Has(stop.CID) || !stop.At.After(h.dropped) {
			fresh.meetsKnown = true
			continue
		}
		h.known.Add(stop.CID)
		if h.sawBefore(stop.At) {
			fresh.meetsKnown = true
			fresh.seen = append(fresh.seen, stop)
			continue
		}
		fresh.stops = append(fresh.stops, stop)
		if stop.Kind == model.KindLeafnode {
			h.leafnodes++
			continue
		}
		h.clients++
		fresh.times = append(fresh.times, stop.At)
	}
	for _, some := range [][]*model.Stop{fresh.stops, fresh.seen} {
		slices.SortStableFunc(some, func(a, b *model.Stop) int { return a.At.Compare(b.At) })
	}
	return fresh
}

// detailBytes is about what the details of a record take.
const detailBytes = 40

// keep adds stops that are sorted by time.
func (h *process) keep(fresh []*model.Stop, pack packer) {
	packed := make([]store.Row, len(fresh))
	arena := make([]byte, 0, len(fresh)*detailBytes)
	for i, stop := range fresh {
		packed[i] = pack(stop, &arena)
	}
	h.kept.Add(packed)
}

// drop forgets the n oldest stops, for good: pick passes over what the server
// may still have of that time. What was lost in the gaps of that time counts as
// seen from then on.
func (h *process) drop(n int) {
	if n == 0 {
		return
	}
	for part := range h.kept.Spans(0, n) {
		for _, cid := range part.CID[part.From:part.To] {
			h.known.Remove(cid)
			h.advised.Drop(cid)
		}
	}
	h.dropped = model.Moment(h.kept.At(n - 1))
	h.advised.Forget(h.dropped)
	h.kept.Drop(n)
	var lost int64
	h.books, lost = h.books.Forget(h.dropped)
	h.clients, h.forgotten = h.clients+lost, h.forgotten+lost
}

// inOrder are processes in the order in which they began.
func inOrder(processes map[string]*process) []*process {
	all := slices.Collect(maps.Values(processes))
	slices.SortFunc(all, func(a, b *process) int {
		return cmp.Or(a.server.Start.Compare(b.server.Start), cmp.Compare(a.server.ID, b.server.ID))
	})
	return all
}

package ledger

import (
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// process is what is known of one server process.
type process struct {
	server model.Server
	// endpoint is where its ring was read last.
	endpoint string
	place    placeID
	// kept are the stops in memory, oldest first; known are their cids.
	kept  store.Table
	known store.CIDSet
	// clients is how many client records were ever seen, kept or not.
	clients int64
	// unseen is how many client connections the server closed without
	// showing their records.
	unseen int64
	// unsettled: the newest gap was found by the last read, so its count may
	// include records that were just being written.
	unsettled     bool
	oldestAtFirst time.Time
	// firstReadAt is when the ring was first read, by the server's clock.
	firstReadAt time.Time
	// listed: the last read of the ring found records in it, new or known.
	listed bool
	// ringReadAt is when the ring was last read, by the server's clock.
	ringReadAt time.Time
	// restless: the last read found something, so the next one looks again
	// whatever the counters say: a record may be written a moment after them.
	restless bool
	// dropped is the newest stop that was dropped here for age or count.
	dropped time.Time
	leaves  bool
	// flaws are what could not be read when the ring last was.
	flaws []model.Flaw
	gaps  []Gap
	// former is the process in whose place this one runs, while it is remembered.
	former *process
	// toldGaps is how many of the gaps were told as news.
	toldGaps int
}

func newProcess() *process { return &process{known: store.CIDSet{}} }

// add merges what was read of the ring, newest first, and returns what is new;
// pack makes a record of a stop.
func (h *process) add(reading model.Reading, pack packer) []*model.Stop {
	first := h.ringReadAt.IsZero()
	if first {
		h.firstReadAt = reading.Server.Now
	}
	if !first && reading.Server.Now.Before(h.server.Now) {
		// A slower read that was overtaken: its records count, its counters are old.
		late := h.pick(reading).stops
		h.keep(late, pack)
		return late
	}
	if first && len(reading.Closed) > 0 {
		h.oldestAtFirst = reading.Closed[len(reading.Closed)-1].At
	}
	until, readAt, listed := h.until(), h.server.Now, h.listed
	fresh := h.pick(reading)
	h.listed = len(reading.Closed) > 0
	h.restless = len(fresh.stops) > 0 || reading.Server.Counters != h.server.Counters
	h.server, h.endpoint, h.ringReadAt = reading.Server, reading.Endpoint, reading.Server.Now
	h.keep(fresh.stops, pack)
	switch {
	case !reading.Server.Uncounted:
		h.count(fresh, first, until)
	case !first && listed && !fresh.meetsKnown:
		// Nothing else tells that records left the ring unseen.
		h.gaps = append(h.gaps, Gap{From: readAt, To: fresh.begin(reading.Server.Now)})
	}
	return fresh.stops
}

// until is when the last stop is known to have been, before the next read.
func (h *process) until() time.Time {
	if n := h.kept.Len(); n > 0 {
		return model.Moment(h.kept.At(n - 1))
	}
	return h.server.Now
}

// count compares what was read with the server's counters. They are from
// before the ring was read, so records that stopped in between are not in them
// yet; one clock stamps both.
func (h *process) count(fresh picked, first bool, until time.Time) {
	unseen := max(h.server.Closed()-(h.clients-fresh.ahead), 0)
	switch {
	case first && h.former != nil && unseen > 0:
		// The server was known before it restarted, so these are lost.
		h.gaps = append(h.gaps, Gap{From: h.server.Start, To: fresh.begin(h.server.Now), Lost: unseen})
		h.unseen, h.unsettled = unseen, true
	case first || fresh.meetsKnown || len(fresh.stops) == 0:
		h.settle(unseen)
	case unseen > h.unseen || h.leaves:
		// Leafnodes are in the ring but not in the counters: where there are
		// some, a broken read is a gap even if no client is missing.
		h.gaps = append(h.gaps, Gap{From: until, To: fresh.stops[0].At, Lost: max(unseen-h.unseen, 0)})
		h.unseen, h.unsettled = max(unseen, h.unseen), true
	default:
		h.unsettled = false
	}
}

// finalGaps are those that were not told yet and will not be corrected.
func (h *process) finalGaps() []Gap {
	final := len(h.gaps)
	if h.unsettled {
		final--
	}
	untold := slices.Clone(h.gaps[h.toldGaps:final])
	h.toldGaps = final
	return untold
}

// confirm notes that the server's counters stand still: what is known is
// complete until now.
func (h *process) confirm(server model.Server) {
	if server.Now.After(h.server.Now) {
		h.server.Now = server.Now
	}
}

// settle takes the count of a read that joins what is known. Counters and ring
// lag behind each other by moments (nats-server.md#records-are-written-late), so this corrects the gap
// just found, or else what was evicted before first contact.
func (h *process) settle(unseen int64) {
	if h.unsettled {
		gap := &h.gaps[len(h.gaps)-1]
		gap.Lost = max(gap.Lost+unseen-h.unseen, 0)
		if gap.Lost == 0 && !h.leaves {
			h.gaps = h.gaps[:len(h.gaps)-1]
		}
		h.unsettled = false
	}
	h.unseen = unseen
}

// picked are the stops of a reading that were not known before.
type picked struct {
	stops []*model.Stop // oldest first
	// ahead is how many clients among them stopped after the counters were read.
	ahead      int64
	meetsKnown bool
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
		fresh.stops = append(fresh.stops, stop)
		if stop.Kind == model.KindLeafnode {
			h.leaves = true
			continue
		}
		h.clients++
		if stop.At.After(reading.Server.Now) {
			fresh.ahead++
		}
	}
	slices.SortStableFunc(fresh.stops, func(a, b *model.Stop) int { return a.At.Compare(b.At) })
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
// may still have of that time.
func (h *process) drop(n int) {
	if n == 0 {
		return
	}
	for part := range h.kept.Spans(0, n) {
		for _, cid := range part.CID[part.From:part.To] {
			h.known.Remove(cid)
		}
	}
	h.dropped = model.Moment(h.kept.At(n - 1))
	h.kept.Drop(n)
	h.forgetGaps()
}

// forgetGaps gives up the gaps of a time that is forgotten. What was lost in
// them counts as seen from then on.
func (h *process) forgetGaps() {
	old := 0
	for old < h.toldGaps && h.gaps[old].To.Before(h.dropped) {
		h.clients += h.gaps[old].Lost
		h.unseen -= h.gaps[old].Lost
		old++
	}
	h.gaps = slices.Delete(h.gaps, 0, old)
	h.toldGaps -= old
}

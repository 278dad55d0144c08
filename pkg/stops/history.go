package stops

import (
	"slices"
	"time"
)

// history is what is known of one server process.
type history struct {
	server Server
	// kept are the stops in memory, oldest first.
	kept []Stop
	// known are the cids of kept.
	known map[uint64]struct{}
	// clients is how many client records were ever seen, kept or not.
	clients int64
	// unseen is how many client connections the server closed without
	// showing their records.
	unseen int64
	// unsettled: the newest gap was found by the last read, so its count may
	// include records that were just being written.
	unsettled     bool
	oldestAtFirst time.Time
	// ringReadAt is when the ring was last read, by the server's clock.
	ringReadAt time.Time
	// restless: the last read found something, so the next one looks again
	// whatever the counters say: a record may be written a moment after them.
	restless bool
	// dropped is the newest stop that was dropped here for age or count.
	dropped time.Time
	leaves  bool
	gaps    []Gap
}

func newHistory() *history { return &history{known: map[uint64]struct{}{}} }

// add merges what was read of the ring, newest first.
func (h *history) add(reading Reading) {
	first := h.ringReadAt.IsZero()
	if !first && reading.Server.Now.Before(h.server.Now) {
		// A slower read that was overtaken: its records count, its counters are old.
		h.keep(h.pick(reading).records)
		return
	}
	gapFrom := h.server.Now
	if len(h.kept) > 0 {
		gapFrom = h.kept[len(h.kept)-1].At
	}
	if first && len(reading.Closed) > 0 {
		h.oldestAtFirst = reading.Closed[len(reading.Closed)-1].At
	}
	fresh := h.pick(reading)
	h.restless = len(fresh.records) > 0 || reading.Server.Counters != h.server.Counters
	h.server, h.ringReadAt = reading.Server, reading.Server.Now
	h.keep(fresh.records)
	// The counters are from before the ring was read, so records that stopped
	// in between are not in them yet; one clock stamps both.
	unseen := max(reading.Server.Closed()-(h.clients-fresh.ahead), 0)
	if first || fresh.meetsKnown || len(fresh.records) == 0 {
		h.settle(unseen)
		return
	}
	h.unsettled = unseen > h.unseen || h.leaves
	if h.unsettled {
		// Leafnodes are in the ring but not in the counters: where there are
		// some, a broken read is a gap even if no client is missing.
		h.gaps = append(h.gaps, Gap{From: gapFrom, To: fresh.records[0].At, Lost: max(unseen-h.unseen, 0)})
		h.unseen = max(unseen, h.unseen)
	}
}

// confirm notes that the server's counters stand still: what is known is
// complete until now.
func (h *history) confirm(server Server) {
	if server.Now.After(h.server.Now) {
		h.server.Now = server.Now
	}
}

// settle takes the count of a read that joins what is known. Counters and ring
// lag behind each other by moments (nats-facts §7), so this corrects the gap
// just found, or else what was evicted before first contact.
func (h *history) settle(unseen int64) {
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

// picked are the records of a reading that were not known before.
type picked struct {
	records []Stop // oldest first
	// ahead is how many clients among them stopped after the counters were read.
	ahead      int64
	meetsKnown bool
}

func (h *history) pick(reading Reading) picked {
	var fresh picked
	for i := range reading.Closed {
		stop := &reading.Closed[i]
		_, known := h.known[stop.CID]
		if known || !stop.At.After(h.dropped) {
			fresh.meetsKnown = true
			continue
		}
		h.known[stop.CID] = struct{}{}
		fresh.records = append(fresh.records, *stop)
		if stop.Kind == KindLeafnode {
			h.leaves = true
			continue
		}
		h.clients++
		if stop.At.After(reading.Server.Now) {
			fresh.ahead++
		}
	}
	slices.SortStableFunc(fresh.records, byTime)
	return fresh
}

// keep adds records that are sorted by time. It makes a new slice, because
// snapshots read the old one without a lock.
func (h *history) keep(fresh []Stop) {
	if len(fresh) == 0 {
		return
	}
	merged := make([]Stop, 0, len(h.kept)+len(fresh))
	merged = append(append(merged, h.kept...), fresh...)
	if len(h.kept) > 0 && fresh[0].At.Before(h.kept[len(h.kept)-1].At) {
		slices.SortStableFunc(merged, byTime)
	}
	h.kept = merged
}

// drop forgets the n oldest stops, for good: pick passes over what the server
// may still have of that time.
func (h *history) drop(n int) {
	if n == 0 {
		return
	}
	for i := range h.kept[:n] {
		delete(h.known, h.kept[i].CID)
	}
	h.dropped = h.kept[n-1].At
	h.kept = h.kept[n:]
}

func (h *history) coverage() Coverage {
	evicted := h.unseen
	for _, gap := range h.gaps {
		evicted -= gap.Lost
	}
	coverage := Coverage{
		Since:         h.server.Start,
		Until:         h.server.Now,
		Oldest:        h.oldest(),
		Gaps:          slices.Clone(h.gaps),
		EvictedBefore: max(evicted, 0),
	}
	if coverage.EvictedBefore > 0 {
		coverage.Since = h.oldestAtFirst
	}
	if h.dropped.After(coverage.Since) {
		coverage.Since = h.dropped.Add(1)
	}
	return coverage
}

func byTime(a, b Stop) int { return a.At.Compare(b.At) }

func (h *history) oldest() time.Time {
	if len(h.kept) == 0 {
		return time.Time{}
	}
	return h.kept[0].At
}

package ledger

import (
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger/advised"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Coverage is when a server's stops are complete: from Since to Until, save
// for the gaps.
type Coverage struct {
	Since, Until time.Time
	Gaps         []books.Gap
	// Oldest is when the oldest kept stop was; zero when there is none.
	Oldest time.Time
	// EvictedBefore is how many client records the server's ring had already
	// dropped at first contact.
	EvictedBefore int64
}

// LostIn is how many stops servers are known to have lost in gaps that touch r.
func (c Coverage) LostIn(r model.TimeRange) int64 {
	var lost int64
	for _, gap := range c.GapsIn(r) {
		if !gap.History {
			lost += gap.Lost
		}
	}
	return lost
}

// GapsIn lists the gaps that touch r.
func (c Coverage) GapsIn(r model.TimeRange) []books.Gap {
	var touching []books.Gap
	for _, gap := range c.Gaps {
		if gap.From.Before(r.To) && !gap.To.Before(r.From) {
			touching = append(touching, gap)
		}
	}
	return touching
}

// mostFormers is how many processes before the present one coverage tells of: a
// server that starts again every minute and a half makes that many in a day.
const mostFormers = 1000

// coverage is what is known of the server since its first process was met.
func (h *process) coverage() Coverage {
	line := []*process{h}
	for f := h.former; f != nil && len(line) <= mostFormers; f = f.former {
		line = append(line, f)
	}
	whole := line[len(line)-1].own()
	for _, next := range slices.Backward(line[:len(line)-1]) {
		own := next.own()
		whole.Gaps = append(whole.Gaps, own.Gaps...)
		whole.Until = own.Until
		if whole.Oldest.IsZero() {
			whole.Oldest = own.Oldest
		}
		if next.dropped.After(whole.Since) {
			whole.Since = next.dropped.Add(1)
		}
	}
	return whole
}

// own is what is known of this process alone.
func (h *process) own() Coverage {
	coverage := Coverage{
		Since:         h.since(),
		Until:         h.server.Now,
		Oldest:        h.oldest(),
		Gaps:          make([]books.Gap, len(h.books.Gaps)),
		EvictedBefore: h.books.Evicted,
	}
	for i, gap := range h.books.Gaps {
		coverage.Gaps[i] = gap.Gap
	}
	if len(h.lacks) > 0 {
		coverage.Gaps = append(coverage.Gaps, h.lacks...)
		slices.SortStableFunc(coverage.Gaps, func(a, b books.Gap) int { return a.From.Compare(b.From) })
	}
	coverage.Gaps = less(coverage.Gaps, &h.advised)
	return coverage
}

// since is since when all that this process told is known, save for gaps.
func (h *process) since() time.Time {
	since := h.server.Start
	if h.books.Evicted > 0 || h.server.Uncounted {
		since = h.oldestAtFirst
	}
	if since.IsZero() {
		since = h.firstReadAt
	}
	if h.dropped.After(since) {
		since = h.dropped.Add(1)
	}
	if h.recalledFrom.After(since) {
		since = h.recalledFrom
	}
	return since
}

func (h *process) oldest() time.Time {
	if h.kept.Len() == 0 {
		return time.Time{}
	}
	return model.Moment(h.kept.At(0))
}

// less are the gaps, in the order of their begin, without what advisories told of them.
func less(gaps []books.Gap, told *advised.Kept) []books.Gap {
	if told.Len() == 0 {
		return gaps
	}
	var left []books.Gap
	next := 0
	for _, gap := range gaps {
		if gap.Lost > 0 {
			from := max(told.Before(gap.From.Add(-books.WrittenLate)), next)
			found := min(int(gap.Lost), max(told.Before(gap.To)-from, 0))
			next = from + found
			if gap.Lost -= int64(found); gap.Lost == 0 {
				continue
			}
		}
		left = append(left, gap)
	}
	return left
}

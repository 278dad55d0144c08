package ledger

import (
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

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
	if coverage.EvictedBefore > 0 || h.server.Uncounted {
		coverage.Since = h.oldestAtFirst
	}
	if h.server.Uncounted && h.oldestAtFirst.IsZero() {
		coverage.Since = h.firstReadAt
	}
	if h.dropped.After(coverage.Since) {
		coverage.Since = h.dropped.Add(1)
	}
	return coverage
}

func (h *process) oldest() time.Time {
	if h.kept.Len() == 0 {
		return time.Time{}
	}
	return model.Moment(h.kept.At(0))
}

package ledger

import (
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Supplements. Advisories tell of stops as well, but not of all of them
// (nats-server.md#what-is-published-of-a-connection-that-ended). So they prove nothing:
// what is believed of completeness goes by rings alone, as if there were no
// advisories. They give the records that no ring showed, and gaps are said to lack as
// many less. A ring tells more of a stop, so it is waited for.

// Advised is a stop that an advisory told, and which server did.
type Advised struct {
	Server model.Server
	Stop   model.Stop
}

// advised are the kept stops of a process that only advisories told. The zero value
// is ready.
type advised struct {
	// cids are whose, with their times, at the times of the clients among them, in order.
	cids map[uint64]int64
	at   []int64
}

func (a *advised) has(cid uint64) bool {
	_, told := a.cids[cid]
	return told
}

func (a *advised) add(stops []*model.Stop) {
	if a.cids == nil {
		a.cids = map[uint64]int64{}
	}
	for _, s := range stops {
		a.cids[s.CID] = model.Nanos(s.At)
		if s.Kind != model.KindLeafnode {
			a.at = append(a.at, model.Nanos(s.At))
		}
	}
	slices.Sort(a.at)
}

// others are those of the stops, just shown by a ring or a history, that no advisory
// told before. Those that one told are not from advisories any more.
func (a *advised) others(stops []*model.Stop) []*model.Stop {
	if len(a.cids) == 0 {
		return stops
	}
	var rest []*model.Stop
	for _, s := range stops {
		at, told := a.cids[s.CID]
		if !told {
			rest = append(rest, s)
			continue
		}
		delete(a.cids, s.CID)
		if i, found := slices.BinarySearch(a.at, at); found {
			a.at = slices.Delete(a.at, i, i+1)
		}
	}
	return rest
}

// less are the gaps, in the order of their begin, without what advisories told of them.
func (a *advised) less(gaps []Gap) []Gap {
	if len(a.at) == 0 {
		return gaps
	}
	var left []Gap
	next := 0
	for _, gap := range gaps {
		if gap.Lost > 0 {
			from := max(a.before(gap.From.Add(-writtenLate)), next)
			told := min(int(gap.Lost), max(a.before(gap.To)-from, 0))
			next = from + told
			if gap.Lost -= int64(told); gap.Lost == 0 {
				continue
			}
		}
		left = append(left, gap)
	}
	return left
}

// before is how many clients stopped before a time.
func (a *advised) before(t time.Time) int {
	i, _ := slices.BinarySearch(a.at, model.Nanos(t))
	return i
}

// forget forgets what was dropped until a time.
func (a *advised) forget(until time.Time) {
	a.at = slices.Delete(a.at, 0, a.before(until.Add(1)))
}

package engine

import (
	"math"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// Series sums the selected stops by the keys as [Groups] does, cuts the groups to
// the limit, and then gives those that are left the series of the measure: work
// and memory grow with what is shown, not with what is known. It returns how
// many groups were folded.
func Series(s ledger.Snapshot, selection Selection, keys []fields.Key, buckets Buckets, measure *fields.Measure, limit Limit) (groups []Group, folded int) {
	t, all := sumUp(s, selection, keys, []*fields.Measure{measure})
	groups, folded = limit.Cut(all, keys)
	for i := range groups {
		groups[i].Series = make([]int64, buckets.Count)
	}
	fill := &series{aggregate: t, buckets: buckets, measure: measure, groups: groups, slots: slots(len(t.sums), groups)}
	for _, kept := range s.Kept {
		from, to := within(&kept, selection.Range)
		for part := range kept.Table.Spans(from, to) {
			fill.add(part, kept.ServerID)
		}
	}
	spread(groups, selection.Further)
	return groups, folded
}

// spread adds the series of groups that were counted elsewhere to those that are
// shown, or to the one that the rest is folded into.
func spread(shown, others []Group) {
	if len(others) == 0 {
		return
	}
	index := make(map[string]int, len(shown))
	rest := nowhere
	for i := range shown {
		if shown[i].Folded {
			rest = i
			continue
		}
		index[shown[i].path()] = i
	}
	for i := range others {
		at, known := index[others[i].path()]
		if !known {
			at = rest
		}
		for bucket, number := range others[i].Series {
			if at != nowhere {
				shown[at].Series[bucket] += number
			}
		}
	}
}

// Walk sums and cuts as [Series] does, and then shows each selected record of the
// groups that are left, the folded one aside: the group's number, which of the
// snapshot's Kept has the record, and its row there, in ascending order.
func Walk(s ledger.Snapshot, selection Selection, keys []fields.Key, limit Limit, see func(group, kept, row int)) (groups []Group, folded int) {
	t, all := sumUp(s, selection, keys, fields.StopMeasures)
	groups, folded = limit.Cut(all, keys)
	named := groups
	if folded > 0 {
		named = groups[:len(groups)-1]
	}
	slots := slots(len(t.sums), named)
	for number := range s.Kept {
		row, to := within(&s.Kept[number], selection.Range)
		for part := range s.Kept[number].Table.Spans(row, to) {
			t.locate(part, t.scans)
			for k, i := range t.admitted {
				if slot := slots[t.numbers[k]]; slot != nowhere {
					see(slot, number, row+int(i)-part.From)
				}
			}
			row += part.To - part.From
		}
	}
	return groups, folded
}

// slots say in which of the shown groups each sum belongs.
func slots(sums int, shown []Group) []int {
	rest := nowhere
	if n := len(shown); n > 0 && shown[n-1].Folded {
		rest = n - 1
	}
	places := make([]int, sums)
	for i := range places {
		places[i] = rest
	}
	for i, group := range shown {
		if group.place != nowhere {
			places[group.place] = i
		}
	}
	return places
}

// series spreads what was summed over buckets.
type series struct {
	*aggregate
	buckets Buckets
	measure *fields.Measure
	groups  []Group
	// slots are by the place of a sum.
	slots []int
	// stop is what the measure looks at.
	stop model.Stop
}

func (f *series) add(s store.Span, serverID string) {
	if bucket, ok := f.bucketOf(s); ok && f.coarse && s.Summary != nil {
		f.addSummary(s.Summary, bucket)
		return
	}
	f.locate(s, f.scans)
	// Records are in the order of their time: most share the bucket of the one before.
	bucket, end := nowhere, int64(math.MinInt64)
	for k, i := range f.admitted {
		if at := s.At[i%store.BlockSize]; at >= end {
			bucket, end = f.buckets.find(at)
		}
		slot := f.slots[f.numbers[k]]
		if bucket == nowhere || slot == nowhere {
			continue
		}
		number := int64(1)
		if !f.measure.Counts {
			f.symbols.Stop(s.Row(int(i)), serverID, &f.stop)
			number = f.measure.Stop(&f.stop, f.classifier)
		}
		f.groups[slot].Series[bucket] += number
	}
}

// bucketOf is the one bucket that a whole block lies in; ok is false where there
// is no such, or the series needs a look at each record.
func (f *series) bucketOf(s store.Span) (bucket int, ok bool) {
	bucket, end := f.buckets.find(s.At[0])
	return bucket, f.measure.Counts && s.At[store.BlockSize-1] < end
}

func (f *series) addSummary(rows store.Summary, bucket int) {
	for i := range rows {
		row := &rows[i]
		if bucket == nowhere || !passes(row, f.scans) {
			continue
		}
		if slot := f.slots[f.numberOf(row)]; slot != nowhere {
			f.groups[slot].Series[bucket] += int64(row.Count)
		}
	}
}

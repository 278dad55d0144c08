package beyond

import (
	"math"
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// mostNumbers bounds the sums of one answer: groups, or groups times points.
const mostNumbers = 4_000_000

// Groups are those of the selected stops that the snapshot does not have, by the keys.
func (a *Asked) Groups(by Question, selection engine.Selection, keys []fields.Key) []engine.Group {
	var sum engine.Sum
	a.walk(by, selection.Range, func(s ledger.Snapshot, span model.TimeRange) *answer {
		one := selection
		one.Range = span
		return &answer{groups: counted(engine.Groups(s, one, keys))}
	}, func(one *answer) {
		sum.Add(one.groups)
		a.state.TooMany = a.state.TooMany || len(sum.Groups()) > mostNumbers/4
	}, func() {})
	return sum.Groups()
}

// Series are those groups, each with the series of a measure.
func (a *Asked) Series(by Question, selection engine.Selection, keys []fields.Key, buckets engine.Buckets, measure *fields.Measure) []engine.Group {
	var sum engine.Sum
	all := engine.Limit{Most: math.MaxInt, Size: func(engine.Group) int64 { return 0 }}
	a.walk(by, selection.Range, func(s ledger.Snapshot, span model.TimeRange) *answer {
		one := selection
		one.Range = span
		own := buckets.Within(span)
		groups, _ := engine.Series(s, one, keys, own, measure, all)
		return &answer{groups: counted(groups), first: own.Time(0)}
	}, func(one *answer) {
		first, within := buckets.At(one.first)
		if !within || a.state.TooMany {
			return
		}
		whole := slices.Clone(one.groups)
		for i := range whole {
			series := make([]int64, buckets.Count)
			copy(series[first:], whole[i].Series)
			whole[i].Series = series
		}
		sum.Add(whole)
		a.state.TooMany = len(sum.Groups()) > mostNumbers/max(buckets.Count, 1)
	}, func() {})
	return sum.Groups()
}

// counted are the groups that records are in: which others there are is for memory to say.
func counted(groups []engine.Group) []engine.Group {
	return slices.DeleteFunc(groups, func(g engine.Group) bool { return g.Count == 0 })
}

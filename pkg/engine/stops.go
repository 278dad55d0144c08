package engine

import (
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// BytesLostMin is the name of the sum of what was lost at least, in bytes.
const BytesLostMin = "bytes_lost_min"

// Selection is what to look for among the stops of a snapshot.
type Selection struct {
	Range      model.TimeRange
	Where      []fields.Condition
	Classifier *reason.Classifier
}

// Measure is what a series sums; nil counts stops.
type Measure func(stop *model.Stop) int64

// Groups sums the selected stops by the keys. Every group that any kept stop
// of an answering server has is there, at zero if need be, and so is every
// group that a condition names (decision D1). With buckets, each group has the
// series of the measure.
func Groups(s ledger.Snapshot, selection Selection, keys []fields.Key, buckets Buckets, measure Measure) []Group {
	t := newAggregate(s, selection, keys, buckets, measure)
	for _, kept := range s.Kept {
		from, to := within(&kept, selection.Range)
		for part := range kept.Table.Spans(0, from) {
			t.see(part)
		}
		for part := range kept.Table.Spans(from, to) {
			t.count(part, kept.ServerID)
		}
		for part := range kept.Table.Spans(to, kept.Table.Len()) {
			t.see(part)
		}
	}
	found := t.groups(keys)
	found.name(onlyAnswering(selection.Where, s))
	for _, group := range found.order {
		if group.Series == nil && buckets.Count > 0 {
			group.Series = make([]int64, buckets.Count)
		}
	}
	return found.all()
}

// within finds the records of a range.
func within(k *ledger.Kept, r model.TimeRange) (from, to int) {
	from = k.Table.Search(model.Nanos(r.From))
	return from, max(from, k.Table.Search(model.Nanos(r.To)))
}

// answeredNames are the names of the servers that answered.
func answeredNames(s ledger.Snapshot) map[string]bool {
	names := map[string]bool{}
	for _, state := range s.Servers {
		if state.Answered {
			names[state.Server.Name] = true
		}
	}
	return names
}

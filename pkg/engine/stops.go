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

// Groups sums the selected stops by the keys. Every group that any kept stop
// of an answering server has is there, at zero if need be, and so is every
// group that a condition names (decision D1).
func Groups(s ledger.Snapshot, selection Selection, keys []fields.Key) []Group {
	_, found := sumUp(s, selection, keys)
	return found
}

func sumUp(s ledger.Snapshot, selection Selection, keys []fields.Key) (*aggregate, []Group) {
	selection.Where = byPlace(selection.Where, s)
	t := newAggregate(s, selection, keys)
	for _, kept := range s.Kept {
		from, to := within(&kept, selection.Range)
		for part := range kept.Table.Spans(0, from) {
			t.see(part)
		}
		for part := range kept.Table.Spans(from, to) {
			t.count(part)
		}
		for part := range kept.Table.Spans(to, kept.Table.Len()) {
			t.see(part)
		}
	}
	found := t.groups(keys)
	found.name(onlyAnswering(selection.Where, s))
	return t, found.all()
}

// within finds the records of a range.
func within(k *ledger.Kept, r model.TimeRange) (from, to int) {
	from = k.Table.Search(model.Nanos(r.From))
	return from, max(from, k.Table.Search(model.Nanos(r.To)))
}

// answeredLabels are the labels of the servers that answered.
func answeredLabels(s ledger.Snapshot) map[string]bool {
	labels := map[string]bool{}
	for _, state := range s.Servers {
		if state.Answered {
			labels[state.Label] = true
		}
	}
	return labels
}

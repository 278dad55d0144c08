package stops

import "slices"

// BytesLostMin is the name of the sum of what was lost at least, in bytes.
const BytesLostMin = "bytes_lost_min"

// Selection is what to look for among the stops of a snapshot.
type Selection struct {
	Range      Range
	Where      []Condition
	Classifier *Classifier
}

// Measure is what a series sums; nil counts stops.
type Measure func(stop *Stop) int64

// Groups sums the selected stops by the keys. Every group that any kept stop
// of an answering server has is there, at zero if need be, and so is every
// group that a condition names (design D1). With buckets, each group has the
// series of the measure.
func (s Snapshot) Groups(selection Selection, keys []Key, buckets Buckets, measure Measure) []Group {
	t := s.tally(selection, keys, buckets, measure)
	for _, kept := range s.kept {
		from, to := kept.within(selection.Range)
		for part := range kept.records.spans(0, from) {
			t.see(part)
		}
		for part := range kept.records.spans(from, to) {
			t.count(part, kept.serverID)
		}
		for part := range kept.records.spans(to, kept.records.len()) {
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
func (k *keptOf) within(r Range) (from, to int) {
	from = k.records.search(nanos(r.From))
	return from, max(from, k.records.search(nanos(r.To)))
}

// onlyAnswering takes servers that did not answer out of what conditions
// name: a zero for a dead server would be a false Normal (design D1).
func onlyAnswering(where []Condition, s Snapshot) []Condition {
	dead := map[string]bool{}
	for _, state := range s.Servers {
		if !state.Answered {
			dead[state.Server.Name] = true
		}
	}
	result := slices.Clone(where)
	for i := range result {
		if result[i].Key == KeyServer && result[i].Named != nil {
			result[i].Named = slices.DeleteFunc(slices.Clone(result[i].Named), func(name string) bool { return dead[name] })
		}
	}
	return result
}

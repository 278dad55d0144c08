package stops

import (
	"slices"
	"sort"
)

// BytesLostMin is the name of the sum of what was lost at least, in bytes.
const BytesLostMin = "bytes_lost_min"

// Selection is what to look for among the stops of a snapshot.
type Selection struct {
	Range      Range
	Where      []Condition
	Classifier *Classifier
}

// Stops returns the selected stops, newest first.
func (s Snapshot) Stops(selection Selection) []*Stop {
	var found []*Stop
	for _, kept := range s.kept {
		first := sort.Search(len(kept), func(i int) bool { return !kept[i].At.Before(selection.Range.From) })
		for i := first; i < len(kept) && kept[i].At.Before(selection.Range.To); i++ {
			if selection.admits(&kept[i]) {
				found = append(found, &kept[i])
			}
		}
	}
	slices.SortStableFunc(found, func(a, b *Stop) int { return b.At.Compare(a.At) })
	return found
}

func (s Selection) admits(stop *Stop) bool {
	for _, condition := range s.Where {
		if !condition.Match(stop.Value(condition.Key, s.Classifier)) {
			return false
		}
	}
	return true
}

// Measure is what a series sums.
type Measure func(stop *Stop) int64

// Groups sums the selected stops by the keys. Every group that any kept stop
// of an answering server has is there, at zero if need be, and so is every
// group that a condition names (design D1). With buckets, each group has the
// series of the measure.
func (s Snapshot) Groups(selection Selection, keys []Key, buckets Buckets, measure Measure) []Group {
	found := newGroups(keys)
	answered := s.answeredNames()
	for _, kept := range s.kept {
		for i := range kept {
			stop := &kept[i]
			inRange := selection.Range.Contains(stop.At)
			if !inRange && !answered[stop.Server] || !selection.admits(stop) {
				continue
			}
			group := found.of(func(key Key) string { return stop.Value(key, selection.Classifier) })
			if inRange {
				group.count(stop, selection.Classifier)
				group.series(buckets, stop, measure)
			}
		}
	}
	found.name(onlyAnswering(selection.Where, s))
	for _, group := range found.order {
		if group.Series == nil && buckets.Count > 0 {
			group.Series = make([]int64, buckets.Count)
		}
	}
	return found.all()
}

func (g *Group) count(stop *Stop, classifier *Classifier) {
	g.Count++
	g.Sums[BytesLostMin] += stop.BytesLostMin(classifier)
	if stop.At.After(g.Last) {
		g.Last = stop.At
	}
}

func (g *Group) series(buckets Buckets, stop *Stop, measure Measure) {
	if buckets.Count == 0 {
		return
	}
	if g.Series == nil {
		g.Series = make([]int64, buckets.Count)
	}
	if bucket := buckets.Index(stop.At); bucket >= 0 {
		g.Series[bucket] += measure(stop)
	}
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

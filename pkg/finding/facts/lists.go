package facts

import (
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// Because are the stops with one of these reasons, in the order of time.
func (f *Facts) Because(texts ...string) []*Stop {
	var categories []reason.Category
	var lists [][]*Stop
	for _, text := range texts {
		category := reason.Lookup(text).Category
		if slices.Contains(categories, category) {
			continue
		}
		categories = append(categories, category)
		lists = append(lists, f.some(category, texts))
	}
	return Merged(lists...)
}

// some are the stops of a category that have one of these reasons. Mostly all of
// them do, and then none is looked at.
func (f *Facts) some(category reason.Category, texts []string) []*Stop {
	wanted, all := make([]bool, len(f.reasons)), true
	for id, why := range f.reasons {
		wanted[id] = slices.Contains(texts, why.Text)
		all = all && (wanted[id] || why.Category != category || f.counts[id] == 0)
	}
	if all {
		return f.Stops[category]
	}
	var kept []*Stop
	for _, s := range f.Stops[category] {
		if wanted[s.Reason] {
			kept = append(kept, s)
		}
	}
	return kept
}

// Merged are all stops of lists, of which each is in the order of time, in that
// order. It may share memory with a list.
func Merged(lists ...[]*Stop) []*Stop {
	switch len(lists) {
	case 0:
		return nil
	case 1:
		return lists[0]
	}
	half := len(lists) / 2
	return both(Merged(lists[:half]...), Merged(lists[half:]...))
}

// both are two lists in one.
func both(a, b []*Stop) []*Stop {
	all := make([]*Stop, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if b[0].At < a[0].At {
			all, b = append(all, b[0]), b[1:]
		} else {
			all, a = append(all, a[0]), a[1:]
		}
	}
	return append(append(all, a...), b...)
}

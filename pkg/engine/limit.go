package engine

import (
	"cmp"
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
)

// SortGroups orders groups by a size, ties by their values.
func SortGroups(groups []Group, size func(Group) int64, descending bool) {
	slices.SortStableFunc(groups, func(a, b Group) int {
		bySize := cmp.Compare(size(a), size(b))
		if descending {
			bySize = -bySize
		}
		if bySize != 0 {
			return bySize
		}
		return slices.CompareFunc(a.Labels, b.Labels, func(x, y Label) int { return cmp.Compare(x.Value, y.Value) })
	})
}

// Fold keeps the first limit groups and sums the rest as one called other.
// It returns how many were summed.
func Fold(groups []Group, keys []fields.Key, limit int) (kept []Group, folded int) {
	if len(groups) <= limit {
		return groups, 0
	}
	other := Group{Sums: map[string]int64{}}
	for _, key := range keys {
		other.Labels = append(other.Labels, Label{Key: key, Value: Other})
	}
	for _, group := range groups[limit:] {
		other.merge(group)
	}
	return append(slices.Clone(groups[:limit]), other), len(groups) - limit
}

func (g *Group) merge(from Group) {
	g.Count += from.Count
	for name, sum := range from.Sums {
		g.Sums[name] += sum
	}
	if from.Last.After(g.Last) {
		g.Last = from.Last
	}
	if g.Series == nil {
		g.Series = make([]int64, len(from.Series))
	}
	for i, value := range from.Series {
		g.Series[i] += value
	}
}

package engine

import (
	"cmp"
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
)

// Other is the value of every label of the group that sums the groups beyond a limit.
const Other = "other"

// otherGroups stands in for Other where a group of that very name is shown.
const otherGroups = "other (groups)"

// Limit is how many groups an answer may have.
type Limit struct {
	Most int
	// Size is what groups are compared by, the largest first.
	Size func(Group) int64
	// ZerosGiveWay leaves groups at zero out before others are folded: for alert
	// rules, which must not lose a group that fires among many that do not.
	ZerosGiveWay bool
}

// Cut keeps the largest groups, largest first, and sums the rest as one called
// other, at the end. It returns how many were summed.
func (l Limit) Cut(groups []Group, keys []fields.Key) (kept []Group, folded int) {
	SortGroups(groups, l.Size, true)
	if len(groups) > l.Most && l.ZerosGiveWay {
		nonzero := len(groups)
		for nonzero > l.Most && l.Size(groups[nonzero-1]) == 0 {
			nonzero--
		}
		groups = groups[:nonzero]
	}
	if len(groups) <= l.Most {
		return groups, 0
	}
	kept = slices.Clone(groups[:l.Most])
	other := Rest(kept, keys)
	for _, group := range groups[l.Most:] {
		other.merge(group)
	}
	return append(kept, other), len(groups) - l.Most
}

// SizeBy is what groups are compared by in a column of their table.
func SizeBy(column string) func(Group) int64 {
	if column == fields.LastSeen {
		return func(g Group) int64 {
			if number, summed := g.Sums[column]; summed {
				return number
			}
			if g.Last.IsZero() {
				return 0
			}
			return g.Last.UnixMilli()
		}
	}
	if fields.MeasureOf(column).Counts {
		return func(g Group) int64 { return g.Count }
	}
	return func(g Group) int64 { return g.Sums[column] }
}

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

// otherName is a name that none of the groups has: an account may be called other.
func otherName(groups []Group) string {
	for _, group := range groups {
		if !slices.ContainsFunc(group.Labels, func(l Label) bool { return l.Value != Other }) {
			return otherGroups
		}
	}
	return Other
}

// Rest is an empty group for what is beyond the limit, called other beside those kept.
func Rest(kept []Group, keys []fields.Key) Group {
	other := Group{Folded: true, Sums: map[string]int64{}, place: nowhere}
	name := otherName(kept)
	for _, key := range keys {
		other.Labels = append(other.Labels, Label{Key: key, Value: name})
	}
	return other
}

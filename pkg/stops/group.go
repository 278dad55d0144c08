package stops

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Label is one key with its value in a group.
type Label struct {
	Key   Key
	Value string
}

// Group is what several records have in common, and their sums.
type Group struct {
	// Labels are in the order of the grouping. A group that is only named by
	// a filter has labels for the named keys alone.
	Labels []Label
	// Count is how many records the group has.
	Count int64
	// Sums are by the name of the metric or column.
	Sums map[string]int64
	// Last is when the newest record of the group stopped.
	Last time.Time
	// Series are Count and each of Sums per bucket; empty unless asked for.
	Series []int64
}

// Value returns the group's value of a key; ok is false when it has none.
func (g Group) Value(key Key) (value string, ok bool) {
	for _, label := range g.Labels {
		if label.Key == key {
			return label.Value, true
		}
	}
	return "", false
}

// Other is the value of every label of the group that sums the groups beyond a limit.
const Other = "other"

// groups collects groups by their values.
type groups struct {
	keys  []Key
	index map[string]*Group
	order []*Group
	path  []byte
}

func newGroups(keys []Key) *groups { return &groups{keys: keys, index: map[string]*Group{}} }

// of returns the group of a record, whose values are asked for one by one.
func (g *groups) of(value func(Key) string) *Group {
	g.path = g.path[:0]
	for _, key := range g.keys {
		g.path = append(append(g.path, value(key)...), 0)
	}
	if group := g.index[string(g.path)]; group != nil {
		return group
	}
	labels := make([]Label, len(g.keys))
	for i, key := range g.keys {
		labels[i] = Label{Key: key, Value: value(key)}
	}
	return g.add(string(g.path), labels)
}

func (g *groups) add(path string, labels []Label) *Group {
	group := &Group{Labels: labels, Sums: map[string]int64{}}
	g.index[path] = group
	g.order = append(g.order, group)
	return group
}

// all returns the groups in the order in which they were met.
func (g *groups) all() []Group {
	result := make([]Group, len(g.order))
	for i, group := range g.order {
		result[i] = *group
	}
	return result
}

// name adds a group for each combination of values that the conditions name
// for the grouping's keys, unless a group with these values is there. With
// nothing named and no group at all, it adds one without labels (design D1).
func (g *groups) name(where []Condition) {
	combinations := [][]Label{{}}
	for _, key := range g.keys {
		values, named := namedValues(where, key)
		if !named {
			continue
		}
		var longer [][]Label
		for _, labels := range combinations {
			for _, value := range values {
				longer = append(longer, append(slices.Clone(labels), Label{Key: key, Value: value}))
			}
		}
		combinations = longer
	}
	for _, labels := range combinations {
		if (len(labels) > 0 || len(g.order) == 0) && !g.has(labels) {
			g.add("named\x00"+joinValues(labels), labels)
		}
	}
}

func (g *groups) has(labels []Label) bool {
	return slices.ContainsFunc(g.order, func(group *Group) bool {
		for _, label := range labels {
			if value, ok := group.Value(label.Key); !ok || value != label.Value {
				return false
			}
		}
		return true
	})
}

// namedValues are the values that every naming condition on the key allows.
func namedValues(where []Condition, key Key) (values []string, named bool) {
	for _, condition := range where {
		if condition.Key == key && condition.Named != nil {
			values, named = append(values, condition.Named...), true
		}
	}
	values = slices.DeleteFunc(values, func(value string) bool {
		return slices.ContainsFunc(where, func(c Condition) bool { return c.Key == key && !c.Match(value) })
	})
	slices.Sort(values)
	return slices.Compact(values), named
}

func joinValues(labels []Label) string {
	values := make([]string, len(labels))
	for i, label := range labels {
		values[i] = label.Value
	}
	return strings.Join(values, "\x00")
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

// Fold keeps the first limit groups and sums the rest as one called other.
// It returns how many were summed.
func Fold(groups []Group, keys []Key, limit int) (kept []Group, folded int) {
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

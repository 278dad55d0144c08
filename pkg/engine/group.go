package engine

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
)

// Label is one key with its value in a group.
type Label struct {
	Key   fields.Key
	Value string
}

// Group is what several records have in common, and their sums.
type Group struct {
	// Labels are in the order of the grouping. A group that is only named by
	// a filter has labels for the named keys alone.
	Labels []Label
	// Count is how many records the group has.
	Count int64
	// Sums are by the name of the measure; what nobody told is missing.
	Sums map[string]int64
	// Last is when the newest record of the group stopped.
	Last time.Time
	// Presence is whether the group's clients are here; nil unless asked for.
	Presence *Presence
	// Series is one number per bucket; empty unless asked for.
	Series []int64
	// Folded: this is the sum of the groups beyond a limit.
	Folded bool

	// place is the group's among the sums of its aggregate, or nowhere.
	place int
}

// Presence is what became of the clients of a group that stopped.
type Presence struct {
	// Instances are how many clients stopped, each counted once however often.
	// Gone are those of them that were not seen again, Unclear those of which
	// nobody knows.
	Instances, Gone, Unclear int
	// First is when the oldest stop of the group was.
	First time.Time
	// Listed reports whether any server told its open connections. Open is how many
	// of them are the group's, and all of these are open since Since.
	Listed bool
	Open   int64
	Since  time.Time
}

// Value returns the group's value of a key; ok is false when it has none.
func (g Group) Value(key fields.Key) (value string, ok bool) {
	for _, label := range g.Labels {
		if label.Key == key {
			return label.Value, true
		}
	}
	return "", false
}

func (g *Group) merge(from Group) {
	g.Count += from.Count
	for name, number := range from.Sums {
		g.add(fields.MeasureOf(name), number)
	}
	if from.Last.After(g.Last) {
		g.Last = from.Last
	}
	for i, number := range from.Series {
		g.Series[i] += number
	}
}

// path is the same for groups of the same labels.
func (g *Group) path() string {
	var b strings.Builder
	for _, label := range g.Labels {
		b.WriteString(string(label.Key) + "\x00" + label.Value + "\x00")
	}
	return b.String()
}

// Sum adds up groups that were counted apart, by the same keys and buckets.
type Sum struct {
	index map[string]int
	all   []Group
}

// Add takes groups; what the sum has of a group is its own.
func (s *Sum) Add(groups []Group) {
	if s.index == nil {
		s.index = map[string]int{}
	}
	for _, g := range groups {
		at, known := s.index[g.path()]
		if known {
			s.all[at].merge(g)
			continue
		}
		s.index[g.path()] = len(s.all)
		g.Sums, g.Series, g.place = maps.Clone(g.Sums), slices.Clone(g.Series), nowhere
		s.all = append(s.all, g)
	}
}

// Groups are the sums so far.
func (s *Sum) Groups() []Group { return s.all }

// Relabel writes the values of groups as somebody else reads them. Groups that
// are the same then are one: no two series may have the same labels.
func Relabel(groups []Group, as func(value string) string) []Group {
	var result []Group
	places := map[string]int{}
	for _, group := range groups {
		path := ""
		group.Labels = slices.Clone(group.Labels)
		for i := range group.Labels {
			label := &group.Labels[i]
			label.Value = as(label.Value)
			path += string(label.Key) + "\x00" + label.Value + "\x00"
		}
		if place, there := places[path]; there {
			result[place].merge(group)
			continue
		}
		places[path] = len(result)
		result = append(result, group)
	}
	return result
}

// add combines a number with the group's, in that number's own way.
func (g *Group) add(measure *fields.Measure, number int64) {
	if before, more := g.Sums[measure.Name]; more {
		number = measure.Combine(before, number)
	}
	g.Sums[measure.Name] = number
}

// Less are the groups' numbers less those of other groups by the same keys.
func Less(all, others []Group) []Group {
	index := make(map[string]int, len(all))
	result := make([]Group, 0, len(all))
	take := func(g Group, sign int64) {
		at, known := index[g.path()]
		if !known {
			at = len(result)
			index[g.path()] = at
			result = append(result, Group{Labels: g.Labels, Sums: map[string]int64{}, place: nowhere})
		}
		into := &result[at]
		into.Count += sign * g.Count
		for name, number := range g.Sums {
			into.Sums[name] += sign * number
		}
	}
	for _, g := range all {
		take(g, 1)
	}
	for _, g := range others {
		take(g, -1)
	}
	return result
}

// nowhere is the place of groups that no record is in.
const nowhere = -1

// groups collects groups by their values.
type groups struct {
	keys  []fields.Key
	index map[string]*Group
	order []*Group
	path  []byte
}

func newGroups(keys []fields.Key) *groups { return &groups{keys: keys, index: map[string]*Group{}} }

// of returns the group of a record, whose values are asked for one by one.
func (g *groups) of(value func(fields.Key) string) *Group {
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
	group := &Group{Labels: labels, Sums: map[string]int64{}, place: nowhere}
	g.index[path] = group
	g.order = append(g.order, group)
	return group
}

// join adds groups that were counted elsewhere, without their series.
func (g *groups) join(others []Group) {
	if len(others) == 0 {
		return
	}
	index := make(map[string]*Group, len(g.order))
	for _, group := range g.order {
		index[group.path()] = group
	}
	for _, other := range others {
		other.Series = nil
		if group := index[other.path()]; group != nil {
			group.merge(other)
			continue
		}
		other.Sums, other.place = maps.Clone(other.Sums), nowhere
		g.order = append(g.order, &other)
	}
}

// all returns the groups in the order in which they were met.
func (g *groups) all() []Group {
	result := make([]Group, len(g.order))
	for i, group := range g.order {
		result[i] = *group
	}
	return result
}

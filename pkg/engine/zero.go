package engine

import (
	"slices"
	"strings"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// name adds a group for what the conditions name of the grouping's keys, unless
// a group with these values is there. Keys with one named value pin it; each of
// several values of a key stands with the pinned ones alone, so that no product
// of long lists comes up. With nothing named and no group at all, it adds one
// without labels (decision D1).
func (g *groups) name(where []fields.Condition) {
	var pinned []Label
	several := map[fields.Key][]string{}
	for _, key := range g.keys {
		switch values, named := namedValues(where, key); {
		case !named:
		case len(values) == 1:
			pinned = append(pinned, Label{key, values[0]})
		default:
			several[key] = values
		}
	}
	if len(several) == 0 {
		if len(pinned) > 0 || len(g.order) == 0 {
			g.nameAll([][]Label{pinned})
		}
		return
	}
	for _, key := range g.keys {
		if values := several[key]; len(values) > 0 {
			g.nameAll(g.with(pinned, key, values))
		}
	}
}

// Named are the groups, and one more for each that the conditions name (decision D1).
func Named(found []Group, keys []fields.Key, where []fields.Condition) []Group {
	all := newGroups(keys)
	for i := range found {
		all.order = append(all.order, &found[i])
	}
	all.name(where)
	return all.all()
}

// with is the pinned labels and each of the values of one more key, in the
// order of the grouping.
func (g *groups) with(pinned []Label, key fields.Key, values []string) [][]Label {
	all := make([][]Label, len(values))
	for i, value := range values {
		labels := append(slices.Clone(pinned), Label{key, value})
		slices.SortFunc(labels, func(a, b Label) int { return slices.Index(g.keys, a.Key) - slices.Index(g.keys, b.Key) })
		all[i] = labels
	}
	return all
}

// nameAll adds the groups that are missing; all have labels for the same keys.
func (g *groups) nameAll(missing [][]Label) {
	there := map[string]bool{}
	for _, group := range g.order {
		labels := make([]Label, 0, len(missing[0]))
		for _, label := range missing[0] {
			value, _ := group.Value(label.Key)
			labels = append(labels, Label{label.Key, value})
		}
		there[joinValues(labels)] = true
	}
	for _, labels := range missing {
		if path := joinValues(labels); !there[path] {
			g.add("named\x00"+path, labels)
		}
	}
}

// namedValues are the values that every naming condition on the key allows.
func namedValues(where []fields.Condition, key fields.Key) (values []string, named bool) {
	for _, condition := range where {
		if condition.Key == key && condition.Named != nil {
			values, named = append(values, condition.Named...), true
		}
	}
	values = slices.DeleteFunc(values, func(value string) bool {
		return slices.ContainsFunc(where, func(c fields.Condition) bool { return c.Key == key && !c.Match(value) })
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

// onlyAnswering takes servers that did not answer out of what conditions
// name: a zero for a dead server would be a false Normal (decision D1).
func onlyAnswering(where []fields.Condition, s ledger.Snapshot) []fields.Condition {
	dead := s.Dead()
	result := slices.Clone(where)
	for i := range result {
		if result[i].Key == fields.KeyServer && result[i].Named != nil {
			result[i].Named = slices.DeleteFunc(slices.Clone(result[i].Named), func(label string) bool { return dead[label] })
		}
	}
	return result
}

// answering admits the records of the servers with these labels.
func answering(w *store.Symbols, servers map[string]bool) *scan {
	s := &scan{column: store.ColumnProfile, verdicts: make([]verdict, len(w.Profiles))}
	for id := range w.Profiles {
		s.verdicts[id] = refused
		if servers[w.ServerLabels[id]] {
			s.verdicts[id] = admitted
		}
	}
	return s
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

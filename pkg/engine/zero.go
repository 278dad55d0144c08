package engine

import (
	"slices"
	"strings"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
)

// name adds a group for each combination of values that the conditions name
// for the grouping's keys, unless a group with these values is there. With
// nothing named and no group at all, it adds one without labels (decision D1).
func (g *groups) name(where []fields.Condition) {
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
	dead := map[string]bool{}
	for _, state := range s.Servers {
		if !state.Answered {
			dead[state.Server.Name] = true
		}
	}
	result := slices.Clone(where)
	for i := range result {
		if result[i].Key == fields.KeyServer && result[i].Named != nil {
			result[i].Named = slices.DeleteFunc(slices.Clone(result[i].Named), func(name string) bool { return dead[name] })
		}
	}
	return result
}

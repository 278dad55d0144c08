package engine

import (
	"cmp"
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// ServerGroups combines the servers by the keys. Each group has a sum for each
// metric that one of its servers told; what nobody told is missing, not zero.
func ServerGroups(servers []ledger.ServerState, keys []fields.Key, metrics []string, r model.TimeRange) []Group {
	found := newGroups(keys)
	for i := range servers {
		for _, metric := range metrics {
			measure := fields.MeasureOf(metric)
			if number, told := measure.Server(&servers[i], r); told {
				found.of(func(key fields.Key) string { return ServerValue(servers[i], key) }).add(measure, number)
			}
		}
	}
	return found.all()
}

// ServerValue returns the server's value of a key, empty for keys servers do not have.
func ServerValue(s ledger.ServerState, key fields.Key) string {
	if d := fields.Of(key); d.Server != nil {
		return d.Server(s.Label, s.Server)
	}
	return ""
}

// ServersWhere returns the endpoints that the conditions admit, by name.
func ServersWhere(s ledger.Snapshot, where []fields.Condition) []ledger.ServerState {
	where = byPlace(where, s)
	var found []ledger.ServerState
next:
	for _, state := range s.Servers {
		for _, condition := range where {
			if !condition.Match(ServerValue(state, condition.Key)) {
				continue next
			}
		}
		found = append(found, state)
	}
	slices.SortStableFunc(found, func(a, b ledger.ServerState) int {
		return cmp.Or(cmp.Compare(a.Server.Name, b.Server.Name), cmp.Compare(a.Endpoint, b.Endpoint))
	})
	return found
}

// byPlace lets conditions on servers say a name that several places share: it
// means all of them. Their labels tell them apart (decision D13), and a name that
// is no label any more must not become a zero of its own.
func byPlace(where []fields.Condition, s ledger.Snapshot) []fields.Condition {
	if !slices.ContainsFunc(where, func(c fields.Condition) bool { return c.Key == fields.KeyServer }) {
		return where
	}
	names := namesOfLabels(s)
	result := slices.Clone(where)
	for i, c := range result {
		if c.Key != fields.KeyServer {
			continue
		}
		result[i].Match = func(label string) bool {
			name, shared := names[label]
			switch {
			case !shared:
				return c.Match(label)
			case c.Excludes:
				return c.Match(label) && c.Match(name)
			default:
				return c.Match(label) || c.Match(name)
			}
		}
		result[i].Named = labelsOf(c.Named, names)
	}
	return result
}

// namesOfLabels are the names of the places that share theirs.
func namesOfLabels(s ledger.Snapshot) map[string]string {
	names := map[string]string{}
	for _, state := range s.Servers {
		if state.Label != state.Server.Name {
			names[state.Label] = state.Server.Name
		}
	}
	for i, label := range s.Symbols.ServerLabels {
		if name := s.Symbols.Profiles[i].Server; name != label {
			names[label] = name
		}
	}
	return names
}

// labelsOf puts the labels of its places in the place of each shared name.
func labelsOf(named []string, names map[string]string) []string {
	if named == nil {
		return nil
	}
	var labels []string
	for _, one := range named {
		before := len(labels)
		for label, name := range names {
			if name == one {
				labels = append(labels, label)
			}
		}
		if len(labels) == before {
			labels = append(labels, one)
		}
	}
	slices.Sort(labels)
	return slices.Compact(labels)
}

package engine

import (
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
)

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

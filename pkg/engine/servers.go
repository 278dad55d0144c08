package engine

import (
	"cmp"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// ServerGroups combines the servers by the keys. Each group has a sum for each
// metric that one of its servers told; what nobody told is missing, not zero.
func ServerGroups(servers []ledger.ServerState, keys []fields.Key, metrics []string, r model.TimeRange) []Group {
	found := newGroups(keys)
	for _, state := range servers {
		for _, metric := range metrics {
			number, told := ServerNumber(state, metric, r)
			if !told {
				continue
			}
			group := found.of(func(key fields.Key) string { return ServerValue(state, key) })
			group.add(metric, number)
		}
	}
	return found.all()
}

// ServerNumber is one of the server's numbers, ages in seconds; told is false when
// the server did not answer and so nobody knows.
func ServerNumber(s ledger.ServerState, metric string, r model.TimeRange) (number int64, told bool) {
	if metric == "answered" {
		if s.Answered {
			return 1, true
		}
		return 0, true
	}
	if metric == "records_lost" {
		// What was lost stays known while the server is away.
		return s.Coverage.LostIn(r), s.Answered || s.Server.ID != ""
	}
	if !s.Answered {
		return 0, false
	}
	if s.Server.Uncounted && metric != "oldest_age" && metric != "clock_offset" {
		return 0, false
	}
	switch metric {
	case "open":
		return s.Server.Open, true
	case "total":
		return s.Server.Total, true
	case "evicted_before":
		return s.Coverage.EvictedBefore, true
	case "oldest_age":
		// Without a record of its begin, nobody knows how far records reach back.
		return seconds(s.Coverage.Until.Sub(s.Coverage.Since)), !s.Coverage.Since.IsZero()
	case "clock_offset":
		return int64(s.ClockOffset.Round(time.Second).Seconds()), true
	case "uptime":
		return seconds(s.Server.Now.Sub(s.Server.Start)), true
	}
	return 0, false
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

// seconds of an age, which is never negative.
func seconds(age time.Duration) int64 { return max(int64(age.Seconds()), 0) }

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

package stops

import (
	"cmp"
	"slices"
)

// OpenWhere returns the open connections that the conditions admit.
func (s Snapshot) OpenWhere(where []Condition) []*Connection {
	var found []*Connection
next:
	for i := range s.Open {
		for _, condition := range where {
			if !condition.Match(s.Open[i].Value(condition.Key)) {
				continue next
			}
		}
		found = append(found, &s.Open[i])
	}
	return found
}

// OpenGroups sums open connections by the keys.
func (s Snapshot) OpenGroups(where []Condition, keys []Key) []Group {
	found := newGroups(keys)
	for _, connection := range s.OpenWhere(where) {
		group := found.of(connection.Value)
		group.Count++
		for name, value := range connection.numbers() {
			group.Sums[name] += value
		}
	}
	found.name(onlyAnswering(where, s))
	return found.all()
}

func (c *Connection) numbers() map[string]int64 {
	return map[string]int64{
		"pending_bytes": c.PendingBytes,
		"subscriptions": c.Subscriptions,
		"in_msgs":       c.InMsgs,
		"out_msgs":      c.OutMsgs,
		"in_bytes":      c.InBytes,
		"out_bytes":     c.OutBytes,
	}
}

// Values lists what the kept stops, the open connections and the servers have
// for a key, sorted.
func (s Snapshot) Values(key Key, where []Condition, classifier *Classifier) []string {
	seen := map[string]struct{}{}
	kept := s.tally(Selection{Where: where, Classifier: classifier}, []Key{key}, Buckets{}, nil)
	for _, k := range s.kept {
		for part := range k.records.spans(0, k.records.len()) {
			kept.count(part, k.serverID)
		}
	}
	for _, group := range kept.groups([]Key{key}).order {
		seen[group.Labels[0].Value] = struct{}{}
	}
	for _, connection := range s.OpenWhere(where) {
		seen[connection.Value(key)] = struct{}{}
	}
	for _, state := range s.ServersWhere(where) {
		seen[state.Value(key)] = struct{}{}
	}
	delete(seen, "")
	values := make([]string, 0, len(seen))
	for value := range seen {
		values = append(values, value)
	}
	slices.Sort(values)
	return values
}

// Value returns the server's value of a key, empty for keys servers do not have.
func (s ServerState) Value(key Key) string {
	switch key {
	case KeyServer:
		return s.Server.Name
	case KeyCluster:
		return s.Server.Cluster
	case KeyVersion:
		return s.Server.Version
	default:
		return ""
	}
}

// label is the value that servers are grouped by: unlike Value it tells two
// servers of one name apart.
func (s ServerState) label(key Key) string {
	if key == KeyServer {
		return s.Label
	}
	return s.Value(key)
}

// ServersWhere returns the endpoints that the conditions admit, by name.
func (s Snapshot) ServersWhere(where []Condition) []ServerState {
	var found []ServerState
next:
	for _, state := range s.Servers {
		for _, condition := range where {
			if !condition.Match(state.Value(condition.Key)) {
				continue next
			}
		}
		found = append(found, state)
	}
	slices.SortStableFunc(found, func(a, b ServerState) int {
		return cmp.Or(cmp.Compare(a.Server.Name, b.Server.Name), cmp.Compare(a.Endpoint, b.Endpoint))
	})
	return found
}

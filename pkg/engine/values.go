package engine

import (
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// Values lists what the kept stops, the open connections and the servers have
// for a key, sorted.
func Values(s ledger.Snapshot, key fields.Key, where []fields.Condition, classifier *reason.Classifier) []string {
	seen := map[string]struct{}{}
	kept := newAggregate(s, Selection{Where: where, Classifier: classifier}, []fields.Key{key}, nil)
	for _, k := range s.Kept {
		for part := range k.Table.Spans(0, k.Table.Len()) {
			kept.count(part, k.ServerID)
		}
	}
	for _, group := range kept.groups([]fields.Key{key}).order {
		seen[group.Labels[0].Value] = struct{}{}
	}
	for _, connection := range OpenWhere(s, where) {
		seen[fields.OfConnection(connection, key)] = struct{}{}
	}
	// A key that means something else of servers is asked of connections here.
	if fields.Of(key).ServerHelp == "" {
		for _, state := range ServersWhere(s, where) {
			seen[ServerValue(state, key)] = struct{}{}
		}
	}
	delete(seen, "")
	values := make([]string, 0, len(seen))
	for value := range seen {
		values = append(values, value)
	}
	slices.Sort(values)
	return values
}

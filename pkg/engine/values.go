package engine

import (
	"cmp"
	"slices"
	"strings"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// Value is a value of a key.
type Value struct {
	Text string
	// Stops are how many kept stops have it, whatever their time.
	Stops int64
}

// Values lists what the kept stops, the open connections and the servers have
// for a key, sorted; what stands for no value is last.
func Values(s ledger.Snapshot, key fields.Key, where []fields.Condition, classifier *reason.Classifier) []Value {
	seen := map[string]int64{}
	kept := newAggregate(s, Selection{Where: where, Classifier: classifier}, []fields.Key{key}, nil)
	for _, k := range s.Kept {
		for part := range k.Table.Spans(0, k.Table.Len()) {
			kept.count(part, k.ServerID)
		}
	}
	for _, group := range kept.groups([]fields.Key{key}).order {
		seen[group.Labels[0].Value] += group.Count
	}
	for _, connection := range OpenWhere(s, where) {
		seen[fields.OfConnection(connection, key)] += 0
	}
	// A key that means something else of servers is asked of connections here.
	if fields.Of(key).ServerHelp == "" {
		for _, state := range ServersWhere(s, where) {
			seen[ServerValue(state, key)] += 0
		}
	}
	delete(seen, "")
	values := make([]Value, 0, len(seen))
	for text, stops := range seen {
		values = append(values, Value{Text: text, Stops: stops})
	}
	slices.SortFunc(values, func(a, b Value) int {
		return cmp.Or(cmp.Compare(standsIn(a.Text), standsIn(b.Text)), cmp.Compare(a.Text, b.Text))
	})
	return values
}

// standsIn is 1 for what is said where there is no value, such as (unnamed), and 0 for
// others: a dashboard about one value begins with the first.
func standsIn(text string) int {
	if strings.HasPrefix(text, "(") {
		return 1
	}
	return 0
}

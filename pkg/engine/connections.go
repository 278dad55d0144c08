package engine

import (
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// OpenWhere returns the open connections that the conditions admit.
func OpenWhere(s ledger.Snapshot, where []fields.Condition) []*model.Connection {
	where = byPlace(where, s)
	var found []*model.Connection
next:
	for i := range s.Open {
		for _, condition := range where {
			if !condition.Match(fields.OfConnection(&s.Open[i], condition.Key)) {
				continue next
			}
		}
		found = append(found, &s.Open[i])
	}
	return found
}

// OpenGroups sums open connections by the keys.
func OpenGroups(s ledger.Snapshot, where []fields.Condition, keys []fields.Key) []Group {
	found, measures := newGroups(keys), fields.OpenMeasures
	for _, connection := range OpenWhere(s, where) {
		group := found.of(func(key fields.Key) string { return fields.OfConnection(connection, key) })
		group.Count++
		for _, measure := range measures {
			if !measure.Counts {
				group.add(measure, measure.Open(connection))
			}
		}
	}
	found.name(onlyAnswering(byPlace(where, s), s))
	return found.all()
}

package frames

import (
	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/query"
)

func metricName(metric query.Metric) string { return fields.MeasureOf(string(metric)).Heading }

func unitOf(metric query.Metric) string { return fields.MeasureOf(string(metric)).Unit }

// GroupSize is the number that a metric gives a group.
func GroupSize(metric query.Metric) func(engine.Group) int64 {
	return func(group engine.Group) int64 {
		switch metric {
		case "stops", "connections":
			return group.Count
		case "last_seen":
			return group.Last.UnixNano()
		default:
			return group.Sums[string(metric)]
		}
	}
}

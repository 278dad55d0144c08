package frames

import (
	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/query"
)

type metricInfo struct{ name, unit string }

func metricInfos() map[query.Metric]metricInfo {
	return map[query.Metric]metricInfo{
		"stops":             {"Stops", "short"},
		engine.BytesLostMin: {"Bytes lost (at least)", "bytes"},
		"connections":       {"Connections", "short"},
		"pending_bytes":     {"Pending bytes", "bytes"},
		"subscriptions":     {"Subscriptions", "short"},
		"in_msgs":           {"Messages in", "short"},
		"out_msgs":          {"Messages out", "short"},
		"in_bytes":          {"Bytes in", "bytes"},
		"out_bytes":         {"Bytes out", "bytes"},
		"open":              {"Open connections", "short"},
		"total":             {"Connections since server start", "short"},
		"answered":          {"Answered", "short"},
		"oldest_age":        {"Records reach back", "s"},
		"records_lost":      {"Records lost", "short"},
		"evicted_before":    {"Evicted before first contact", "short"},
		"uptime":            {"Uptime", "s"},
		"share":             {"Share", "percentunit"},
	}
}

func metricName(metric query.Metric) string { return metricInfos()[metric].name }

func unitOf(metric query.Metric) string { return metricInfos()[metric].unit }

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

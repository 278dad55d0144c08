package query

import "github.com/natsops/nats-connections-datasource/pkg/stops"

// Spec is what one query type allows; the first of each list is the default.
type Spec struct {
	Views   []View   `json:"views"`
	Metrics []Metric `json:"metrics"`
	// GroupBy is the default grouping.
	GroupBy []stops.Key `json:"groupBy"`
	// Keys are what may be grouped and filtered by.
	Keys []stops.Key `json:"keys"`
	// Sorts are the columns that rows may be sorted by; the first is the
	// default, descending.
	Sorts []string `json:"sorts"`
}

// Limits of a query; groups and rows differ because a group becomes a series.
const (
	DefaultGroups = 50
	DefaultRows   = 1000
	MaxLimit      = 10000
	// MaxAlertGroups bounds what an alert rule may be asked to keep apart.
	MaxAlertGroups = 1000
	// MaxBuckets bounds a time series, as Prometheus does.
	MaxBuckets = 11000
)

// Specs lists what each query type allows.
func Specs() map[Type]Spec {
	openKeys := without(stops.Keys(), stops.KeyReason, stops.KeyClass, stops.KeyCategory, stops.KeySeverity)
	return map[Type]Spec{
		Stops: {
			Views:   []View{TimeSeries, Totals, Table, Records, Logs},
			Metrics: []Metric{"stops", "bytes_lost_min"},
			GroupBy: []stops.Key{stops.KeyReason},
			Keys:    stops.Keys(),
			Sorts: []string{
				"time", "duration", "pending_bytes", "bytes_lost_min", "rtt",
				"in_msgs", "out_msgs", "in_bytes", "out_bytes", "stops", "last_seen",
			},
		},
		Connections: {
			Views:   []View{Table, Totals, Records},
			Metrics: []Metric{"connections", "pending_bytes", "subscriptions", "in_msgs", "out_msgs", "in_bytes", "out_bytes"},
			GroupBy: []stops.Key{stops.KeyAccount, stops.KeyServer},
			Keys:    openKeys,
			Sorts: []string{
				"pending_bytes", "rtt", "idle", "duration", "subscriptions",
				"in_msgs", "out_msgs", "in_bytes", "out_bytes", "connections",
			},
		},
		Servers: {
			Views:   []View{Table, Totals},
			Metrics: []Metric{"open", "total", "answered", "oldest_age", "records_lost", "evicted_before"},
			GroupBy: []stops.Key{stops.KeyServer},
			Keys:    []stops.Key{stops.KeyServer, stops.KeyCluster, stops.KeyVersion},
			Sorts:   []string{"open", "total", "answered", "oldest_age", "records_lost", "evicted_before", "uptime"},
		},
		Values: {Keys: stops.Keys()},
	}
}

func without(keys []stops.Key, drop ...stops.Key) []stops.Key {
	var kept []stops.Key
next:
	for _, key := range keys {
		for _, d := range drop {
			if key == d {
				continue next
			}
		}
		kept = append(kept, key)
	}
	return kept
}

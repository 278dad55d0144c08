package query

import (
	"github.com/natsops/nats-connections-datasource/pkg/fields"
)

// Spec is what one query type allows; the first of each list is the default.
type Spec struct {
	Views   []View   `json:"views"`
	Metrics []Metric `json:"metrics"`
	// GroupBy is the default grouping.
	GroupBy []fields.Key `json:"groupBy"`
	// Keys are what may be grouped and filtered by.
	Keys []fields.Key `json:"keys"`
	// Sorts are the columns that the rows of a view may be sorted by; the
	// first is the default, descending.
	Sorts map[View][]string `json:"sorts"`
}

// Limits of a query; groups and rows differ because a group becomes a series.
const (
	DefaultGroups = 50
	DefaultRows   = 1000
	MaxLimit      = 100_000
	// MaxAlertGroups bounds what an alert rule may be asked to keep apart.
	MaxAlertGroups = 1000
	// MaxBuckets bounds a time series, as Prometheus does.
	MaxBuckets = 11_000
)

// Specs lists what each query type allows.
func Specs() map[Type]Spec {
	return map[Type]Spec{
		Stops: {
			Views:   []View{TimeSeries, Totals, Table, Records, Logs},
			Metrics: []Metric{"stops", "bytes_lost_min"},
			GroupBy: []fields.Key{fields.KeyReason},
			Keys:    fields.StopKeys(),
			Sorts: map[View][]string{
				Table: {"stops", "bytes_lost_min", "last_seen"},
				Records: {
					"time", "duration", "bytes_lost_min", "pending_bytes", "rtt",
					"in_msgs", "out_msgs", "in_bytes", "out_bytes",
				},
			},
		},
		Connections: {
			Views: []View{Table, Totals, Records},
			Metrics: []Metric{
				"connections", "pending_bytes", "subscriptions", "in_msgs", "out_msgs", "in_bytes", "out_bytes",
			},
			GroupBy: []fields.Key{fields.KeyAccount, fields.KeyServer},
			Keys:    fields.ConnectionKeys(),
			Sorts: map[View][]string{
				Table: {
					"connections", "pending_bytes", "subscriptions", "in_msgs", "out_msgs", "in_bytes", "out_bytes",
				},
				Records: {
					"pending_bytes", "rtt", "idle", "duration", "subscriptions",
					"in_msgs", "out_msgs", "in_bytes", "out_bytes",
				},
			},
		},
		Servers: {
			Views:   []View{Table, Totals},
			Metrics: []Metric{"open", "total", "answered", "oldest_age", "records_lost", "evicted_before", "clock_offset"},
			GroupBy: []fields.Key{fields.KeyServer},
			Keys:    fields.ServerKeys(),
			Sorts: map[View][]string{
				Table: {"open", "total", "answered", "oldest_age", "records_lost", "evicted_before", "clock_offset", "uptime"},
			},
		},
		Values: {Keys: fields.Keys()},
	}
}

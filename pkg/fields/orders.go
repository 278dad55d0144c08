package fields

import (
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// Order is a column that rows of single records are sorted by, and what they are
// compared by: a measure, or a time or a duration in nanoseconds.
type Order[R any] struct {
	Column string
	Number func(R, *reason.Classifier) int64
}

// StopOrders are what stops are sorted by, first of all by default.
var StopOrders = []Order[*model.Stop]{
	{"time", func(s *model.Stop, _ *reason.Classifier) int64 { return s.At.UnixNano() }},
	{"duration", func(s *model.Stop, _ *reason.Classifier) int64 { return int64(s.Duration()) }},
	{BytesLostMin, BytesLost},
	ofStop("pending_bytes"),
	{"rtt", func(s *model.Stop, _ *reason.Classifier) int64 { return int64(s.RTT) }},
	ofStop("in_msgs"), ofStop("out_msgs"), ofStop("in_bytes"), ofStop("out_bytes"),
}

// OpenOrders are what open connections are sorted by.
var OpenOrders = []Order[model.OpenConnection]{
	ofOpen("pending_bytes"),
	{"rtt", func(c model.OpenConnection, _ *reason.Classifier) int64 { return int64(c.RTT) }},
	{"idle", func(c model.OpenConnection, _ *reason.Classifier) int64 { return int64(c.Idle()) }},
	{"duration", func(c model.OpenConnection, _ *reason.Classifier) int64 { return int64(c.Duration()) }},
	ofOpen("subscriptions"), ofOpen("in_msgs"), ofOpen("out_msgs"), ofOpen("in_bytes"), ofOpen("out_bytes"),
}

// ofStop is a number that stopped connections have as open ones do.
func ofStop(name string) Order[*model.Stop] {
	open := MeasureOf(name).Open
	return Order[*model.Stop]{name, func(s *model.Stop, _ *reason.Classifier) int64 { return open(&s.Connection) }}
}

func ofOpen(name string) Order[model.OpenConnection] {
	open := MeasureOf(name).Open
	return Order[model.OpenConnection]{name, func(c model.OpenConnection, _ *reason.Classifier) int64 { return open(c.Connection) }}
}

// OrderBy is the order of that column. Columns are validated where queries are
// decoded, so one that is not there is a mistake of ours.
func OrderBy[R any](orders []Order[R], column string) Order[R] {
	for _, order := range orders {
		if order.Column == column {
			return order
		}
	}
	panic("nothing is sorted by " + column)
}

// Columns are those of the orders.
func Columns[R any](orders []Order[R]) []string {
	columns := make([]string, len(orders))
	for i, order := range orders {
		columns[i] = order.Column
	}
	return columns
}

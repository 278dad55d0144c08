package query

import (
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
)

// Type says what a query asks about.
type Type string

// The query types of version 1.
const (
	// Stops asks for closed connections in the time range.
	Stops Type = "stops"
	// Connections asks for open connections as they are now.
	Connections Type = "connections"
	// Servers asks what each server is and how complete its records are.
	Servers Type = "servers"
	// Findings asks for patterns that are worth a person's time.
	Findings Type = "findings"
	// Values asks for the known values of one key, for variables and editors.
	Values Type = "values"
)

// View is the shape of the answer.
type View string

// The views. Which query type has which is in [Specs].
const (
	TimeSeries View = "timeseries"
	Totals     View = "totals"
	Table      View = "table"
	Records    View = "records"
	Logs       View = "logs"
	// Events are what happened to servers.
	Events View = "events"
)

// lists are the views that have no number of their own.
var lists = []View{Records, Logs, Events}

// Metric is the one number that timeseries and totals carry; it names the value field.
type Metric string

// Spec is what one query type allows; the first of each list is the default.
type Spec struct {
	Views   []View   `json:"views"`
	Metrics []Metric `json:"metrics"`
	// GroupBy is the default grouping.
	GroupBy []fields.Key `json:"groupBy"`
	// Keys are what may be grouped and filtered by.
	Keys []fields.Key `json:"keys"`
	// Numbers are the columns of a table that are neither keys nor times.
	Numbers []string `json:"-"`
	// Fewer are views that have not all of the metrics and keys.
	Fewer map[View]Part `json:"fewer"`
	// Sorts are the columns that the rows of a view may be sorted by; the
	// first is the default, descending.
	Sorts map[View][]string `json:"sorts"`
}

// Part is what a view has of the metrics and keys of its query type.
type Part struct {
	Metrics []Metric     `json:"metrics"`
	Keys    []fields.Key `json:"keys"`
}

// In is what a view has of them.
func (s Spec) In(view View) Part {
	if fewer, is := s.Fewer[view]; is {
		return fewer
	}
	return Part{Metrics: s.Metrics, Keys: s.Keys}
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

// specs are made once, since each query is held against one.
var specs = Specs()

// SpecOf is what a query type allows, for reading; ok is false for one that there is not.
func SpecOf(t Type) (spec Spec, ok bool) {
	spec, ok = specs[t]
	return spec, ok
}

// Specs lists what each query type allows.
func Specs() map[Type]Spec {
	stops, open, servers := fields.StopMeasures, fields.OpenMeasures, fields.ServerMeasures
	return map[Type]Spec{
		Stops: {
			Views:   []View{TimeSeries, Totals, Table, Records, Logs},
			Metrics: append(metrics(stops), fields.LastSeen),
			Numbers: names(stops),
			GroupBy: []fields.Key{fields.KeyReason},
			Keys:    fields.StopKeys(),
			Fewer:   noTimes(stops, fields.StopKeys(), TimeSeries, Table),
			Sorts: map[View][]string{
				Table:   append(names(stops), fields.LastSeen),
				Records: fields.Columns(fields.StopOrders),
			},
		},
		Connections: {
			Views:   []View{Table, Totals, TimeSeries, Records},
			Metrics: metrics(open),
			Numbers: names(open),
			GroupBy: []fields.Key{fields.KeyAccount, fields.KeyServer},
			Keys:    fields.ConnectionKeys(),
			// What is kept of each read.
			Fewer: map[View]Part{TimeSeries: {
				Metrics: []Metric{"connections", "pending_bytes"},
				Keys:    []fields.Key{fields.KeyAccount, fields.KeyServer, fields.KeyCluster},
			}},
			Sorts: map[View][]string{
				Table:   names(open),
				Records: fields.Columns(fields.OpenOrders),
			},
		},
		Servers: {
			Views:   []View{Table, Totals, TimeSeries, Events},
			Metrics: metrics(servers),
			Numbers: names(servers),
			GroupBy: []fields.Key{fields.KeyServer},
			Keys:    fields.ServerKeys(),
			Fewer: with(noTimes(servers, fields.ServerKeys(), Table), TimeSeries, Part{
				Metrics: []Metric{"open", "total", "answered"},
				Keys:    []fields.Key{fields.KeyServer, fields.KeyCluster},
			}),
			Sorts: map[View][]string{Table: names(servers)},
		},
		Findings: {
			Views:   []View{Table, Totals, TimeSeries, Logs},
			Metrics: metrics(fields.FindingMeasures),
			Numbers: names(fields.FindingMeasures),
			GroupBy: []fields.Key{
				fields.KeyFinding, fields.KeyAccount, fields.KeyApp, fields.KeyUser, fields.KeyIP, fields.KeyServer,
			},
			Keys:  fields.FindingKeys(),
			Fewer: noTimes(fields.FindingMeasures, fields.FindingKeys(), TimeSeries, Table),
			Sorts: map[View][]string{Table: {"last_seen", "first_seen", "count", "instances"}},
		},
		Values: {Keys: fields.Keys()},
	}
}

// metrics are the measures that a query may ask for.
func metrics(of []*fields.Measure) []Metric {
	var all []Metric
	for _, measure := range of {
		if !measure.TableOnly {
			all = append(all, Metric(measure.Name))
		}
	}
	return all
}

// noTimes is what views have that show no times for numbers: they neither add up
// over an interval nor stand beside columns that tell them already.
func noTimes(of []*fields.Measure, keys []fields.Key, views ...View) map[View]Part {
	numbers := slices.DeleteFunc(slices.Clone(of), func(m *fields.Measure) bool { return m.Moment })
	parts := map[View]Part{}
	for _, view := range views {
		parts[view] = Part{Metrics: metrics(numbers), Keys: keys}
	}
	return parts
}

func with(parts map[View]Part, view View, part Part) map[View]Part {
	parts[view] = part
	return parts
}

// names are the columns of numbers.
func names(of []*fields.Measure) []string {
	var all []string
	for _, measure := range of {
		if !measure.Moment {
			all = append(all, measure.Name)
		}
	}
	return all
}

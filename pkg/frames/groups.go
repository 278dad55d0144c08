package frames

import (
	"slices"
	"strconv"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/comeback"
	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/query"
)

// TimeSeries is one timeseries-wide frame: a value field per group.
func TimeSeries(o Options, groups []engine.Group, buckets engine.Buckets) *data.Frame {
	groups = o.readable(groups)
	values := make([][]int64, len(groups))
	for i, group := range groups {
		values[i] = group.Series
	}
	return SeriesOf(o, groups, values, buckets)
}

// SeriesOf is [TimeSeries] with values of their own, which may be missing.
func SeriesOf[V int64 | *int64](o Options, groups []engine.Group, values [][]V, buckets engine.Buckets) *data.Frame {
	if len(groups) == 0 {
		return typed(data.FrameTypeTimeSeriesWide, data.VisTypeGraph)
	}
	times := make([]time.Time, buckets.Count)
	for i := range times {
		times[i] = buckets.Time(i)
	}
	at := column("time", times)
	// Grafana draws a bucket as wide as its interval, in milliseconds.
	at.Config = &data.FieldConfig{Interval: float64(buckets.Interval.Milliseconds())}
	columns := []*data.Field{at}
	for i, group := range groups {
		columns = append(columns, series(o, group, values[i]))
	}
	return typed(data.FrameTypeTimeSeriesWide, data.VisTypeGraph, columns...)
}

// Totals is one numeric-wide frame of one row: a value field per group.
func Totals(o Options, groups []engine.Group) *data.Frame {
	size := engine.SizeBy(string(o.Query.Metric))
	isMoment := fields.MeasureOf(string(o.Query.Metric)).Moment
	var columns []*data.Field
	for _, group := range o.readable(groups) {
		number := size(group)
		if isMoment && number == 0 {
			columns = append(columns, series(o, group, []*int64{nil}))
			continue
		}
		columns = append(columns, series(o, group, []int64{number}))
	}
	return typed(data.FrameTypeNumericWide, "", columns...)
}

// Unknown are totals of a number that nobody told: a value that is missing, where
// no value at all would look as if nobody had asked.
func Unknown(o Options) *data.Frame {
	return typed(data.FrameTypeNumericWide, "", series(o, engine.Group{}, []*int64{nil}))
}

// Changes are totals that tell by how much they differ from the time before.
func Changes(o Options, groups []engine.Group, span model.TimeRange) *data.Frame {
	o.Policy.Links = false
	frame := Totals(o, groups)
	if len(o.Query.GroupBy) == 0 && len(frame.Fields) == 1 {
		frame.Fields[0].Config.DisplayNameFromDS = "against the " + lengthOf(span) + " before"
	}
	return frame
}

// lengthOf is a range's length as people say it: 6h, 15m, 7d.
func lengthOf(span model.TimeRange) string {
	length := span.To.Sub(span.From)
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}} {
		if length >= 2*unit.length || length == unit.length {
			return strconv.FormatInt(int64(length.Round(unit.length)/unit.length), 10) + unit.name
		}
	}
	return length.Round(time.Second).String()
}

// GroupTable is one numeric-long frame: a row per group, its keys first, then
// the metric, then the other numbers.
func GroupTable(o Options, groups []engine.Group) *data.Frame {
	groups = o.readable(groups)
	var columns []*data.Field
	for _, key := range o.Query.GroupBy {
		values := make([]string, len(groups))
		for i, group := range groups {
			values[i], _ = group.Value(key)
		}
		columns = append(columns, o.dimension(key, values))
	}
	for _, number := range o.TableNumbers() {
		field := rowField(groups, number, engine.SizeBy(number), unit(unitOf(number)))
		if number == string(o.Query.Metric) {
			field.Config.Links = o.tableLinks()
		}
		columns = append(columns, field)
	}
	if !o.Policy.OneNumber {
		columns = append(columns, share(o, groups))
		if o.Query.Type == query.Stops {
			columns = append(columns, seen(groups)...)
		}
		if slices.Contains(o.Query.GroupBy, fields.KeyReason) {
			columns = append(columns, o.remedies(groups))
		}
	}
	return typed(data.FrameTypeNumericLong, data.VisTypeTable, columns...)
}

// TableNumbers are the numbers of a table, the asked one first. An alert rule
// gets that one alone, since each further number would be a series with the
// same labels (architecture.md#one-shape-per-view).
func (o Options) TableNumbers() []string {
	asked := string(o.Query.Metric)
	if o.Policy.OneNumber {
		return []string{asked}
	}
	spec, _ := query.SpecOf(o.Query.Type)
	others := slices.DeleteFunc(slices.Clone(spec.Numbers), func(name string) bool { return name == asked })
	return slices.Concat([]string{asked}, others)
}

func share(o Options, groups []engine.Group) *data.Field {
	size := engine.SizeBy(string(o.Query.Metric))
	var total int64
	for _, group := range groups {
		total += size(group)
	}
	shares := make([]float64, len(groups))
	for i, group := range groups {
		if total > 0 {
			shares[i] = float64(size(group)) / float64(total)
		}
	}
	return column("share", shares, unit("percentunit"))
}

// seen tells when a group's stops were and, where that is known, what became of
// its clients.
func seen(groups []engine.Group) []*data.Field {
	last := rowField(groups, fields.LastSeen, func(g engine.Group) *time.Time { return timeOrNull(g.Last) })
	if !slices.ContainsFunc(groups, func(g engine.Group) bool { return g.Presence != nil }) {
		return []*data.Field{last}
	}
	return []*data.Field{
		presence(groups, "instances", func(p engine.Presence) *int64 { return pointer(int64(p.Instances)) },
			unit("short"), described("How many clients they were, each counted once however often it stopped.")),
		presence(groups, "first_seen", func(p engine.Presence) *time.Time { return timeOrNull(p.First) },
			described("When the first of these stops was.")),
		last,
		presence(groups, "open", func(p engine.Presence) *int64 {
			if !p.Listed {
				return nil
			}
			return &p.Open
		}, unit("short"), described("How many connections of these clients are open now, on whatever server.")),
		presence(groups, "open_since", func(p engine.Presence) *time.Time { return timeOrNull(p.Since) },
			described("All that are open now have been since then.")),
		rowField(groups, "back", func(g engine.Group) string {
			if g.Presence == nil {
				return ""
			}
			return comeback.Verdict(*g.Presence)
		}, described("Whether the clients that stopped were seen again. A client has the same name when it comes back, "+
			"or is another pod of the same app and user.")),
	}
}

// presence is a column that groups beyond the limit have nothing in.
func presence[V any](groups []engine.Group, name string, of func(engine.Presence) *V, configure ...func(*data.FieldConfig)) *data.Field {
	return rowField(groups, name, func(g engine.Group) *V {
		if g.Presence == nil {
			return nil
		}
		return of(*g.Presence)
	}, configure...)
}

func pointer[V any](value V) *V { return &value }

// remedies are what to do about each group's reason.
func (o Options) remedies(groups []engine.Group) *data.Field {
	return rowField(groups, "remedy", func(g engine.Group) string {
		text, _ := g.Value(fields.KeyReason)
		if text == "" || text == engine.Other {
			return ""
		}
		return o.Classifier.Reason(text).Remedy
	})
}

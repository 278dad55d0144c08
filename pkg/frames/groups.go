package frames

import (
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/query"
)

// TimeSeries is one timeseries-wide frame: a value field per group.
func TimeSeries(ctx Context, groups []engine.Group, buckets engine.Buckets) *data.Frame {
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
	for _, group := range ctx.readable(groups) {
		columns = append(columns, series(ctx, group, group.Series))
	}
	return typed(data.FrameTypeTimeSeriesWide, data.VisTypeGraph, columns...)
}

// Totals is one numeric-wide frame of one row: a value field per group.
func Totals(ctx Context, groups []engine.Group) *data.Frame {
	size := GroupSize(ctx.Query.Metric)
	var columns []*data.Field
	for _, group := range ctx.readable(groups) {
		columns = append(columns, series(ctx, group, []int64{size(group)}))
	}
	return typed(data.FrameTypeNumericWide, "", columns...)
}

// GroupTable is one numeric-long frame: a row per group, its keys first, then
// the metric, then the other numbers.
func GroupTable(ctx Context, groups []engine.Group) *data.Frame {
	groups = ctx.readable(groups)
	var columns []*data.Field
	for _, key := range ctx.Query.GroupBy {
		values := make([]string, len(groups))
		for i, group := range groups {
			values[i], _ = group.Value(key)
		}
		columns = append(columns, ctx.dimension(key, values))
	}
	for _, metric := range ctx.tableNumbers() {
		values := make([]int64, len(groups))
		for i, group := range groups {
			values[i] = GroupSize(metric)(group)
		}
		field := column(string(metric), values, unit(unitOf(metric)))
		if metric == ctx.Query.Metric {
			field.Config.Links = ctx.tableLinks()
		}
		columns = append(columns, field)
	}
	if !ctx.Policy.OneNumber {
		columns = append(columns, share(ctx, groups))
		if ctx.Query.Type == query.Stops {
			columns = append(columns, lastSeen(groups))
		}
	}
	return typed(data.FrameTypeNumericLong, data.VisTypeTable, columns...)
}

// tableNumbers are the metrics of a table, the asked one first. An alert rule
// gets that one alone, since each further number would be a series with the
// same labels (architecture.md#one-shape-per-view).
func (c Context) tableNumbers() []query.Metric {
	numbers := []query.Metric{c.Query.Metric}
	if c.Policy.OneNumber {
		return numbers
	}
	for _, metric := range query.Specs()[c.Query.Type].Metrics {
		if metric != c.Query.Metric {
			numbers = append(numbers, metric)
		}
	}
	return numbers
}

func share(ctx Context, groups []engine.Group) *data.Field {
	size := GroupSize(ctx.Query.Metric)
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
	return column("share", shares, unit(unitOf("share")))
}

func lastSeen(groups []engine.Group) *data.Field {
	times := make([]*time.Time, len(groups))
	for i := range groups {
		times[i] = timeOrNull(groups[i].Last)
	}
	return column("last_seen", times)
}

func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	utc := t.UTC()
	return &utc
}

package answer

import (
	"fmt"
	"math"
	"slices"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/comeback"
	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/frames"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/notices"
	"github.com/natsops/nats-connections-datasource/pkg/query"
	"github.com/natsops/nats-connections-datasource/pkg/restart"
)

// complete has a view say how complete the records of its range are.
func complete(answer view) view {
	return func(a Answerer) (*data.Frame, error) {
		frame, err := answer(a)
		if err == nil {
			frame.AppendNotices(a.incomplete(a.Span)...)
		}
		return frame, err
	}
}

// incomplete says how incomplete the records are of those servers that the query
// is about.
func (a Answerer) incomplete(span model.TimeRange) []data.Notice {
	of := engine.ServersWhere(a.known(span.From), slices.DeleteFunc(slices.Clone(a.Query.Where), func(c fields.Condition) bool {
		return c.Key != fields.KeyServer && c.Key != fields.KeyCluster
	}))
	if a.Query.CoverageShown {
		return notices.MissedRecords(of, span)
	}
	return notices.IncompleteRecords(of, span)
}

func (a Answerer) stopTotals() (*data.Frame, error) {
	if a.Query.Change {
		return a.stopChange(), nil
	}
	return complete(func(a Answerer) (*data.Frame, error) {
		return a.groups(engine.Groups(a.Snapshot, a.counting(a.selection(), "groups"), a.Query.GroupBy), frames.Totals), nil
	})(a)
}

// stopChange is unknown where the time before is: what is missing there would
// look like a rise. Gaps are told beside the number.
func (a Answerer) stopChange() *data.Frame {
	before := a
	before.Span = a.Span.Before()
	both := model.TimeRange{From: before.Span.From, To: a.Span.To}
	keys := a.Query.GroupBy
	now := engine.Groups(a.Snapshot, a.counting(a.selection(), "groups"), keys)
	past := engine.Groups(a.Snapshot, before.counting(before.selection(), "groups before"), keys)
	servers := a.known(both.From).Servers
	if len(notices.BeforeRecords(servers, both))+len(notices.MissingServers(servers)) > 0 {
		return frames.Changes(a.Options, nil, a.Span)
	}
	limit := a.limit()
	groups, folded := limit.Cut(engine.Less(now, past), keys)
	frame := frames.Changes(a.Options, groups, a.Span)
	frame.AppendNotices(notices.Folded(limit.Most, folded)...)
	frame.AppendNotices(a.incomplete(both)...)
	return frame
}

func (a Answerer) stopTable() (*data.Frame, error) {
	keys := a.Query.GroupBy
	selection := a.counting(a.selection(), "groups")
	// Of whom memory does not have, nobody knows whether they are back.
	if a.Beside == nil || len(selection.Further) > 0 {
		return a.groups(engine.Groups(a.Snapshot, selection, keys), frames.GroupTable), nil
	}
	limit := a.limit()
	groups, folded := comeback.Groups(a.Snapshot, *a.Beside, restart.Find(a.Snapshot, a.Thresholds.InTurn()), a.selection(), keys, limit)
	return a.shown(groups, limit.Most, folded, frames.GroupTable), nil
}

// shapes are those of stops one by one.
var shapes = map[query.View]func(frames.Options, []*model.Stop) (*data.Frame, error){
	query.Records: records,
	query.Logs:    frames.Logs,
}

// Rows shows stops that the query found elsewhere, as it does those that it finds.
func (a Answerer) Rows(rows []*model.Stop) (*data.Frame, error) {
	a.Restarts = restart.Find(a.Snapshot, a.Thresholds.InTurn())
	return shapes[a.Query.View](a.Options, rows)
}

// Newest are the newest so many stops of the range, newest first, and whether
// there are more.
func (a Answerer) Newest(most int) (rows []*model.Stop, more bool) {
	found := engine.Find(a.Snapshot, a.selection(), most)
	return found.First(most), found.Len() > most
}

func records(o frames.Options, rows []*model.Stop) (*data.Frame, error) {
	return frames.StopRecords(o, rows), nil
}

// stopsOneByOne shows the stops in the shape of the view.
func (a Answerer) stopsOneByOne() (*data.Frame, error) {
	found := a.foundStops()
	shown, total := a.withFurther(found.First(a.Query.Limit), found.Len())
	frame, err := a.Rows(shown)
	if err != nil {
		return nil, err
	}
	frame.AppendNotices(a.truncated(len(shown), total, "stops")...)
	return frame, nil
}

func (a Answerer) foundStops() engine.Found {
	by := a.Query.Sort
	// Stops are kept in the order of their time: the newest few need no look at all others.
	if a.newestFirst() {
		return engine.Find(a.Snapshot, a.selection(), a.Query.Limit)
	}
	order := fields.OrderBy(fields.StopOrders, by.By)
	return engine.Find(a.Snapshot, a.selection(), math.MaxInt).
		Sorted(func(s *model.Stop) int64 { return order.Number(s, a.Classifier) }, by.Desc)
}

// newestFirst reports whether that is the order of the query's rows.
func (a Answerer) newestFirst() bool {
	by := a.Query.Sort
	return by == nil || *by == (query.Sort{By: "time", Desc: true})
}

// maxNumbers bounds the numbers of a time series, groups times points: a browser
// draws none of more, and they have to fit into memory.
const maxNumbers = 4_000_000

func (a Answerer) stopSeries() (*data.Frame, error) {
	buckets, err := a.buckets()
	if err != nil {
		return nil, err
	}
	limit := a.limit()
	if limit.Most > maxNumbers/max(buckets.Count, 1) {
		return nil, &query.Error{Field: "limit", Sentence: fmt.Sprintf(
			"%d groups of %d points are too many to draw; use a smaller limit or a longer interval.", limit.Most, buckets.Count)}
	}
	selection := a.selection()
	selection.Range = model.TimeRange{From: buckets.Range().From, To: earlier(buckets.Range().To, a.Span.To)}
	measure := fields.MeasureOf(string(a.Query.Metric))
	if a.Beyond != nil {
		of := a.question("series", []any{buckets.Interval, a.Query.Every, a.Query.Timezone, measure.Name})
		selection.Further = a.Beyond.Series(of, selection, a.Query.GroupBy, buckets, measure)
	}
	groups, folded := engine.Series(a.Snapshot, selection, a.Query.GroupBy, buckets, measure, limit)
	frame := frames.TimeSeries(a.Options, groups, buckets)
	frame.AppendNotices(notices.Folded(limit.Most, folded)...)
	return frame, nil
}

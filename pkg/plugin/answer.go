package plugin

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/chronicle"
	"github.com/natsops/nats-connections-datasource/pkg/comeback"
	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/groups"
	"github.com/natsops/nats-connections-datasource/pkg/frames"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/notices"
	"github.com/natsops/nats-connections-datasource/pkg/query"
	"github.com/natsops/nats-connections-datasource/pkg/restart"
)

// answerer answers one valid query from a snapshot: select, group, shape.
type answerer struct {
	snapshot ledger.Snapshot
	// beside is what was read apart from it; nil unless that was needed.
	beside *ledger.Snapshot
	// past is what reads told over time.
	past    *chronicle.Chronicle
	span    model.TimeRange
	grafana backend.DataQuery
	// find is all that is worth a person's time at a moment.
	find func(at time.Time) []finding.Finding
	// thresholds are those of findings.
	thresholds finding.Thresholds
	ctx        frames.Context
}

func (a answerer) selection() engine.Selection {
	return engine.Selection{Range: a.span, Where: a.ctx.Query.Where, Classifier: a.ctx.Classifier}
}

func (a answerer) stops() (*data.Frame, error) {
	var frame *data.Frame
	var err error
	switch q := a.ctx.Query; {
	case frames.ShowsStops(q.View):
		frame, err = a.stopRows()
	case q.View == query.TimeSeries:
		frame, err = a.stopSeries()
	case q.Change:
		return a.stopChange(), nil
	default:
		frame = a.stopGroups()
	}
	if err != nil {
		return nil, err
	}
	frame.AppendNotices(notices.IncompleteRecords(a.snapshot.Servers, a.span)...)
	return frame, nil
}

// stopChange is unknown where the time before is: what is missing there would
// look like a rise. Gaps are told beside the number.
func (a answerer) stopChange() *data.Frame {
	before := a
	before.span = a.span.Before()
	both := model.TimeRange{From: before.span.From, To: a.span.To}
	servers := a.snapshot.Servers
	if len(notices.BeforeRecords(servers, both))+len(notices.MissingServers(servers)) > 0 {
		return frames.Changes(a.ctx, nil, a.span)
	}
	keys := a.ctx.Query.GroupBy
	limit := a.limit()
	groups, folded := limit.Cut(engine.Less(
		engine.Groups(a.snapshot, a.selection(), keys), engine.Groups(a.snapshot, before.selection(), keys)), keys)
	frame := frames.Changes(a.ctx, groups, a.span)
	frame.AppendNotices(notices.Folded(limit.Most, folded)...)
	frame.AppendNotices(notices.IncompleteRecords(servers, both)...)
	return frame
}

func (a answerer) stopGroups() *data.Frame {
	keys := a.ctx.Query.GroupBy
	if a.beside == nil {
		return a.groupFrame(engine.Groups(a.snapshot, a.selection(), keys))
	}
	limit := a.limit()
	groups, folded := comeback.Groups(a.snapshot, *a.beside, a.selection(), keys, limit)
	return a.shape(groups, limit.Most, folded)
}

func (a answerer) stopRows() (*data.Frame, error) {
	q := a.ctx.Query
	var found engine.Found
	// Stops are kept in the order of their time: the newest few need no look at all others.
	if q.Sort == nil || *q.Sort == (query.Sort{By: "time", Desc: true}) {
		found = engine.Find(a.snapshot, a.selection(), q.Limit)
	} else {
		by := fields.OrderBy(fields.StopOrders, q.Sort.By)
		found = engine.Find(a.snapshot, a.selection(), math.MaxInt).
			Sorted(func(s *model.Stop) int64 { return by.Number(s, a.ctx.Classifier) }, q.Sort.Desc)
	}
	shown := found.First(q.Limit)
	a.ctx.Restarts = restart.Find(a.snapshot, a.thresholds.InTurn())
	frame, err := frames.Stops(a.ctx, shown)
	if err != nil {
		return nil, err
	}
	frame.AppendNotices(notices.Truncated(len(shown), found.Len(), "stops")...)
	return frame, nil
}

// maxNumbers bounds the numbers of a time series, groups times points: a browser
// draws none of more, and they have to fit into memory.
const maxNumbers = 4_000_000

func (a answerer) stopSeries() (*data.Frame, error) {
	q := a.ctx.Query
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
	selection.Range = model.TimeRange{From: buckets.Range().From, To: earlier(buckets.Range().To, a.span.To)}
	groups, folded := engine.Series(a.snapshot, selection, q.GroupBy, buckets, fields.MeasureOf(string(q.Metric)), limit)
	frame := frames.TimeSeries(a.ctx, groups, buckets)
	frame.AppendNotices(notices.Folded(limit.Most, folded)...)
	return frame, nil
}

// buckets divide the range by the query's interval.
func (a answerer) buckets() (engine.Buckets, error) {
	every, interval := a.ctx.Query.Every, a.interval()
	if every != nil {
		interval = every.About()
	}
	length := a.span.To.Sub(a.span.From)
	finishedOnly := !a.ctx.Policy.UnfinishedBucket
	switch {
	case length/interval > query.MaxBuckets:
		return engine.Buckets{}, &query.Error{Field: "interval", Sentence: fmt.Sprintf(
			"%s makes more than %d points over this time range; use a longer interval.", interval, query.MaxBuckets)}
	case finishedOnly && interval > length:
		// Whether one ends within the range would depend on the time of day.
		return engine.Buckets{}, &query.Error{Field: "interval", Sentence: fmt.Sprintf(
			"%s is longer than the rule's time range of %s; use a shorter interval or a longer range.", interval, length)}
	case every != nil:
		return engine.NewCalendarBuckets(a.span, *every, finishedOnly), nil
	}
	return engine.NewBuckets(a.span, interval, finishedOnly), nil
}

// interval is the query's own or else Grafana's, never so short that the
// points would outnumber what the panel can draw.
func (a answerer) interval() time.Duration {
	if fixed := a.ctx.Query.FixedInterval; fixed > 0 {
		return fixed
	}
	interval := max(a.grafana.Interval, time.Second)
	points := a.grafana.MaxDataPoints
	if points <= 0 || points > query.MaxBuckets {
		points = query.MaxBuckets
	}
	if needed := a.span.To.Sub(a.span.From) / time.Duration(points); interval < needed {
		interval = roundUp(needed)
	}
	return interval
}

// roundUp goes to whole seconds, so that buckets keep their place from one
// refresh to the next.
func roundUp(d time.Duration) time.Duration {
	return (d + time.Second - 1).Truncate(time.Second)
}

// groupFrame shapes groups as totals or table.
func (a answerer) groupFrame(all []engine.Group) *data.Frame {
	limit := a.limit()
	groups, folded := limit.Cut(all, a.ctx.Query.GroupBy)
	return a.shape(groups, limit.Most, folded)
}

// shape makes a frame of the groups that a limit left.
func (a answerer) shape(groups []engine.Group, most, folded int) *data.Frame {
	if q := a.ctx.Query; q.Sort != nil {
		sortGroups(groups, *q.Sort)
	}
	frame := frames.Groups(a.ctx, groups)
	frame.AppendNotices(notices.Folded(most, folded)...)
	return frame
}

// limit is the query's own, unless who asks has another.
func (a answerer) limit() engine.Limit {
	limit := engine.Limit{
		Most: a.ctx.Query.Limit, Size: engine.SizeBy(string(a.ctx.Query.Metric)), ZerosGiveWay: a.ctx.Policy.ZerosGiveWay,
	}
	if most := a.ctx.Policy.MaxGroups; most > 0 {
		limit.Most = most
	}
	return limit
}

// sortGroups orders table rows, with other always last.
func sortGroups(groups []engine.Group, by query.Sort) {
	rows := groups
	if n := len(groups); n > 0 && groups[n-1].Folded {
		rows = groups[:n-1]
	}
	engine.SortGroups(rows, engine.SizeBy(by.By), by.Desc)
}

func (a answerer) connections() (*data.Frame, error) {
	q := a.ctx.Query
	if q.View != query.Records {
		return a.groupFrame(engine.OpenGroups(a.snapshot, q.Where, q.GroupBy)), nil
	}
	clocks := map[string]time.Time{}
	for _, server := range a.snapshot.Servers {
		clocks[server.Server.ID] = server.OpenAt
	}
	var rows []model.OpenConnection
	for _, connection := range engine.OpenWhere(a.snapshot, q.Where) {
		rows = append(rows, model.OpenConnection{Connection: connection, Now: clocks[connection.ServerID]})
	}
	by := fields.OrderBy(fields.OpenOrders, q.Sort.By)
	slices.SortStableFunc(rows, func(x, y model.OpenConnection) int {
		order := cmp.Compare(by.Number(x, a.ctx.Classifier), by.Number(y, a.ctx.Classifier))
		if q.Sort.Desc {
			return -order
		}
		return order
	})
	total := len(rows)
	for _, server := range engine.ServersWhere(a.snapshot, q.Where) {
		total += int(server.OpenMore)
	}
	shown := rows[:min(len(rows), q.Limit)]
	frame := frames.ConnectionRecords(shown)
	frame.AppendNotices(notices.Truncated(len(shown), total, "connections")...)
	return frame, nil
}

func (a answerer) servers() (*data.Frame, error) {
	q := a.ctx.Query
	servers := engine.ServersWhere(a.snapshot, q.Where)
	metrics := []string{string(q.Metric)}
	if q.View == query.Table {
		metrics = a.ctx.TableNumbers()
	}
	limit := a.limit()
	groups, folded := limit.Cut(engine.ServerGroups(servers, q.GroupBy, metrics, a.span), q.GroupBy)
	folds := notices.Folded(limit.Most, folded)
	if q.View == query.Table {
		if q.Sort != nil {
			sortGroups(groups, *q.Sort)
		} else {
			engine.SortGroups(groups, func(engine.Group) int64 { return 0 }, false)
		}
		frame := frames.ServerTable(a.ctx, groups, servers)
		frame.AppendNotices(notices.IncompleteRecords(a.snapshot.Servers, a.span)...)
		frame.AppendNotices(folds...)
		return frame, nil
	}
	// A server that did not tell this one number is missing, not zero.
	told := slices.DeleteFunc(groups, func(g engine.Group) bool { _, ok := g.Sums[string(q.Metric)]; return !ok })
	frame := frames.Totals(a.ctx, told)
	frame.AppendNotices(folds...)
	return frame, nil
}

// findings are as they were at the end of the range, or as they are now.
func (a answerer) findings() (*data.Frame, error) {
	q, at := a.ctx.Query, earlier(a.span.To, time.Now())
	all := groups.Where(a.find(at), q.Where)
	switch {
	case q.View == query.Totals, q.View == query.Table && a.ctx.Policy.OneNumber:
		return a.groupFrame(groups.Of(all, q.GroupBy, q.Where, a.snapshot, at)), nil
	case q.View == query.TimeSeries:
		buckets, err := a.buckets()
		if err != nil {
			return nil, err
		}
		limit := a.limit()
		shown, folded := limit.Cut(groups.Of(all, q.GroupBy, q.Where, a.snapshot, at), q.GroupBy)
		groups.Series(all, shown, q.GroupBy, buckets, string(q.Metric))
		frame := frames.TimeSeries(a.ctx, shown, buckets)
		frame.AppendNotices(notices.Folded(limit.Most, folded)...)
		return frame, nil
	}
	rows := groups.In(all, a.span)
	if q.Sort != nil {
		groups.Sort(rows, q.Sort.By, q.Sort.Desc)
	}
	shown := rows[:min(len(rows), q.Limit)]
	frame, err := frames.Findings(a.ctx, shown, at)
	if err != nil {
		return nil, err
	}
	frame.AppendNotices(notices.Truncated(len(shown), len(rows), "findings")...)
	return frame, nil
}

func (a answerer) values() (*data.Frame, error) {
	q := a.ctx.Query
	list := finding.IDs()
	if q.Key != fields.KeyFinding {
		where := slices.DeleteFunc(slices.Clone(q.Where), func(c fields.Condition) bool { return c.Key == fields.KeyFinding })
		list = engine.Values(a.snapshot, q.Key, where, a.ctx.Classifier)
	}
	shown := list[:min(len(list), q.Limit)]
	frame := frames.Values(shown)
	frame.AppendNotices(notices.Truncated(len(shown), len(list), "values")...)
	return frame, nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

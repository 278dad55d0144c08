package answer

import (
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/beyond"
	"github.com/natsops/nats-connections-datasource/pkg/chronicle"
	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/frames"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/notices"
	"github.com/natsops/nats-connections-datasource/pkg/query"
)

// Answerer answers one valid query from a snapshot: select, group, shape.
type Answerer struct {
	// Options hold the query, and who asks.
	frames.Options
	Snapshot ledger.Snapshot
	// Beside is what was read apart from it; nil unless that was needed.
	Beside *ledger.Snapshot
	// Beyond is what a history has of the time before the snapshot; nil unless the query
	// reaches there. Asker is whose settings its sums are for.
	Beyond *beyond.Asked
	Asker  any
	// Past is what reads told over time.
	Past *chronicle.Chronicle
	Span model.TimeRange
	// Interval and MaxDataPoints are what Grafana would draw.
	Interval      time.Duration
	MaxDataPoints int64
	// Thresholds are those of findings.
	Thresholds finding.Thresholds
	// Tenant: an ordinary account's login reads the servers.
	Tenant bool
	// Find is all that is worth a person's time at a moment.
	Find func(at time.Time) []finding.Finding
}

// view answers queries in the shape of a view.
type view func(Answerer) (*data.Frame, error)

func (a Answerer) selection() engine.Selection {
	return engine.Selection{Range: a.Span, Where: a.Query.Where, Classifier: a.Classifier}
}

// limit is the query's own, unless who asks has another.
func (a Answerer) limit() engine.Limit {
	limit := engine.Limit{
		Most: a.Query.Limit, Size: engine.SizeBy(string(a.Query.Metric)), ZerosGiveWay: a.Policy.ZerosGiveWay,
	}
	if most := a.Policy.MaxGroups; most > 0 {
		limit.Most = most
	}
	return limit
}

// groups shapes the groups that the limit leaves, in the order of the query.
func (a Answerer) groups(
	all []engine.Group, shape func(frames.Options, []engine.Group) *data.Frame,
) *data.Frame {
	limit := a.limit()
	groups, folded := limit.Cut(all, a.Query.GroupBy)
	return a.shown(groups, limit.Most, folded, shape)
}

// shown shapes the groups that a limit left, in the order of the query.
func (a Answerer) shown(
	groups []engine.Group, most, folded int, shape func(frames.Options, []engine.Group) *data.Frame,
) *data.Frame {
	if a.Query.Sort != nil {
		sortGroups(groups, *a.Query.Sort)
	}
	frame := shape(a.Options, groups)
	frame.AppendNotices(notices.Folded(most, folded)...)
	return frame
}

// sortGroups orders table rows, with other always last.
func sortGroups(groups []engine.Group, by query.Sort) {
	rows := groups
	if n := len(groups); n > 0 && groups[n-1].Folded {
		rows = groups[:n-1]
	}
	engine.SortGroups(rows, engine.SizeBy(by.By), by.Desc)
}

// truncated says that rows were left out. Who asks for few has chosen to see few.
func (a Answerer) truncated(shown, total int, what string) []data.Notice {
	severity := data.NoticeSeverityWarning
	if a.Query.Limit < query.DefaultRows {
		severity = data.NoticeSeverityInfo
	}
	return notices.Truncated(severity, shown, total, what)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

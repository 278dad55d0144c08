package answer

import (
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/groups"
	"github.com/natsops/nats-connections-datasource/pkg/frames"
	"github.com/natsops/nats-connections-datasource/pkg/notices"
	"github.com/natsops/nats-connections-datasource/pkg/query"
)

// seen has a view tell tenants which rules they cannot have; to ask for those alone
// cannot be answered (decision D15).
func seen(by view) view {
	return func(a Answerer) (*data.Frame, error) {
		if !a.Tenant {
			return by(a)
		}
		where, some := groups.SeenByTenants(a.Query.Where)
		if !some {
			return nil, &query.Error{Field: "filters", Sentence: "an ordinary account's login does not see what these findings need; use others, or the system account."}
		}
		a.Query.Where = where
		frame, err := by(a)
		if err == nil {
			frame.AppendNotices(notices.Unseen(finding.Unseen())...)
		}
		return frame, err
	}
}

// found are the findings as they were at the end of the range, or as they are now.
func (a Answerer) found() ([]finding.Finding, time.Time) {
	at := earlier(a.Span.To, time.Now())
	return groups.Where(a.Find(at), a.Query.Where), at
}

func (a Answerer) findingGroups(all []finding.Finding, at time.Time) []engine.Group {
	return groups.Of(all, a.Query.GroupBy, a.Query.Where, a.Snapshot, at)
}

func (a Answerer) findingTotals() (*data.Frame, error) {
	return a.groups(a.findingGroups(a.found()), frames.Totals), nil
}

// findingTable is a to-do list, but for who gets one number of each group.
func (a Answerer) findingTable() (*data.Frame, error) {
	if a.Policy.OneNumber {
		return a.groups(a.findingGroups(a.found()), frames.GroupTable), nil
	}
	shown, rest, at := a.findingRows()
	frame := frames.FindingTable(a.Options, shown, at)
	frame.AppendNotices(rest...)
	return frame, nil
}
func (a Answerer) findingSeries() (*data.Frame, error) {
	buckets, err := a.buckets()
	if err != nil {
		return nil, err
	}
	all, at := a.found()
	limit := a.limit()
	shown, folded := limit.Cut(a.findingGroups(all, at), a.Query.GroupBy)
	groups.Series(all, shown, a.Query.GroupBy, buckets, string(a.Query.Metric))
	frame := frames.TimeSeries(a.Options, shown, buckets)
	frame.AppendNotices(notices.Folded(limit.Most, folded)...)
	return frame, nil
}

func (a Answerer) findingLogs() (*data.Frame, error) {
	shown, rest, _ := a.findingRows()
	frame, err := frames.FindingLogs(shown)
	if err != nil {
		return nil, err
	}
	frame.AppendNotices(rest...)
	return frame, nil
}

// findingRows are as many as the limit leaves, what says so, and as of when.
func (a Answerer) findingRows() ([]finding.Finding, []data.Notice, time.Time) {
	all, at := a.found()
	rows := groups.In(all, a.Span)
	if by := a.Query.Sort; by != nil {
		groups.Sort(rows, by.By, by.Desc)
	}
	shown := rows[:min(len(rows), a.Query.Limit)]
	return shown, a.truncated(len(shown), len(rows), "findings"), at
}

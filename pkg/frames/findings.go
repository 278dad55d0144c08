package frames

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/query"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
)

func stateOfFinding(f finding.Finding, at time.Time) string {
	state, _ := f.State(at)
	return string(state)
}

// FindingTable is a to-do list: what and whose first, then how much and since
// when, then what to do.
func FindingTable(o Options, rows []finding.Finding, at time.Time) *data.Frame {
	text := func(name string, of func(finding.Finding) string, configure ...func(*data.FieldConfig)) *data.Field {
		return rowField(rows, name, of, configure...)
	}
	number := func(name string, of func(finding.Finding) int64) *data.Field {
		return rowField(rows, name, of, unit(unitOf(name)), described(fields.MeasureOf(name).Help))
	}
	id := text("id", func(f finding.Finding) string { return f.Rule })
	id.Config = &data.FieldConfig{Links: []data.DataLink{helpLink}}
	columns := []*data.Field{
		id,
		o.dimension(fields.KeySeverity, values(rows, func(f finding.Finding) string { return f.Severity })),
		text("state", func(f finding.Finding) string { return stateOfFinding(f, at) }),
		text("finding", func(f finding.Finding) string { return f.Sentence }, custom(map[string]any{
			"width": 480, "cellOptions": map[string]any{"type": "auto", "wrapText": true},
		})),
	}
	for _, key := range []fields.Key{fields.KeyAccount, fields.KeyApp, fields.KeyUser, fields.KeyIP, fields.KeyServer} {
		columns = append(columns, o.dimension(key, values(rows, func(f finding.Finding) string { return fields.OfFinding(&f.Subject, key) })))
	}
	columns = append(columns,
		number("count", func(f finding.Finding) int64 { return f.Count }),
		number("instances", func(f finding.Finding) int64 { return f.Instances }),
		rowField(rows, "first_seen", func(f finding.Finding) *time.Time { return timeOrNull(f.First) }),
		rowField(rows, "last_seen", func(f finding.Finding) *time.Time { return timeOrNull(f.Last) }),
		text("confidence", func(f finding.Finding) string { return string(f.Confidence) }),
		text("remedy", func(f finding.Finding) string { return finding.Lookup(f.Rule).Remedy }),
	)
	return typed(data.FrameTypeNumericLong, data.VisTypeTable, append(columns, findingDetails(rows)...)...)
}

// findingDetails are read by tooltips, links and annotations.
func findingDetails(rows []finding.Finding) []*data.Field {
	text := func(name string, of func(finding.Finding) string) *data.Field {
		return rowField(rows, name, of, hidden())
	}
	details := []*data.Field{
		text("step", func(f finding.Finding) string { return finding.Lookup(f.Rule).Step }),
		text("meaning", func(f finding.Finding) string { return finding.Lookup(f.Rule).Meaning }),
		text("help", func(f finding.Finding) string { return finding.Lookup(f.Rule).Link() }),
		text("evidence", evidenceOf),
	}
	// Grafana's annotations read these by name.
	return append(details,
		rowField(rows, "time", func(f finding.Finding) *time.Time { return timeOrNull(f.First) }, hidden()),
		rowField(rows, "timeEnd", func(f finding.Finding) *time.Time { return timeOrNull(f.Last) }, hidden()),
		text("text", func(f finding.Finding) string { return strangers.HTML(f.Sentence) }),
		text("tags", func(f finding.Finding) string { return strings.Join([]string{f.Rule, f.Severity}, ",") }),
	)
}

// evidence is what a row's evidence is asked for with; the browser makes an address of it.
type evidence struct {
	Query query.Query `json:"query"`
	// From and To are in milliseconds; the time that is looked at if they are missing.
	From int64 `json:"from,omitempty"`
	To   int64 `json:"to,omitempty"`
}

// shownIn is who answers with evidence.
var shownIn = map[finding.Shown]struct {
	kind  query.Type
	view  query.View
	timed bool
	// first are those that show it, of more records that the conditions admit.
	first *query.Sort
}{
	finding.InStops:    {query.Stops, query.Records, true, nil},
	finding.InShortest: {query.Stops, query.Records, true, &query.Sort{By: "duration"}},
	finding.InOpen:     {query.Connections, query.Records, false, nil},
	finding.InBacklog:  {query.Connections, query.Records, false, &query.Sort{By: "pending_bytes", Desc: true}},
	finding.InServers:  {query.Servers, query.Table, false, nil},
	finding.InEvents:   {query.Servers, query.Events, true, nil},
}

func evidenceOf(f finding.Finding) string {
	in := shownIn[f.Shown]
	asked := evidence{Query: query.Query{Version: query.Version, Type: in.kind, View: in.view}}
	if in.timed {
		asked.From, asked.To = f.First.UnixMilli(), f.Last.Add(time.Millisecond-1).UnixMilli()
	}
	if in.first != nil {
		asked.Query.Sort, asked.Query.Limit = in.first, int(min(f.Count, query.DefaultRows))
	}
	for _, condition := range f.Evidence {
		filter := query.Filter{Key: condition.Key, Operator: query.OneOf, Values: condition.Values}
		if len(condition.Values) == 1 {
			filter.Operator = query.Equals
		}
		asked.Query.Filters = append(asked.Query.Filters, filter)
	}
	text, err := json.Marshal(asked)
	if err != nil {
		return ""
	}
	return string(text)
}

// FindingLogs is a log line per finding, at the time of its newest evidence.
func FindingLogs(rows []finding.Finding) (*data.Frame, error) {
	labels := make([]json.RawMessage, len(rows))
	for i := range rows {
		said := map[string]string{}
		for _, key := range fields.FindingKeys() {
			if value := fields.OfFinding(&rows[i].Subject, key); value != "" {
				said[string(key)] = value
			}
		}
		raw, err := json.Marshal(said)
		if err != nil {
			return nil, fmt.Errorf("labels of a log line: %w", err)
		}
		labels[i] = raw
	}
	frame := typed(data.FrameTypeLogLines, data.VisTypeLogs,
		rowField(rows, "timestamp", func(f finding.Finding) time.Time { return f.Last.UTC() }),
		rowField(rows, "body", func(f finding.Finding) string { return f.Sentence }),
		rowField(rows, "severity", func(f finding.Finding) string { return f.Severity }),
		rowField(rows, "id", func(f finding.Finding) string {
			return strings.Join([]string{f.Rule, f.Account, f.App, f.User, f.IP, f.Server, f.First.UTC().Format(time.RFC3339Nano)}, "/")
		}),
		column("labels", labels),
		rowField(rows, "remedy", func(f finding.Finding) string { return finding.Lookup(f.Rule).Remedy }),
		rowField(rows, "step", func(f finding.Finding) string { return finding.Lookup(f.Rule).Step }),
	)
	frame.Meta.TypeVersion = data.FrameTypeVersion{0, 0}
	return frame, nil
}

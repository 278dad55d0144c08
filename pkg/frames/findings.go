package frames

import (
	"encoding/json"
	"fmt"
	"regexp"
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
	count := number("count", func(f finding.Finding) int64 { return f.Count })
	count.Config.Links = o.evidenceLinks()
	columns = append(columns,
		count,
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
	}
	for _, key := range evidenceKeys {
		details = append(details, text(evidenceColumn(key), func(f finding.Finding) string { return patternOf(f, key) }))
	}
	// Grafana's annotations read these by name.
	return append(details,
		rowField(rows, "time", func(f finding.Finding) *time.Time { return timeOrNull(f.First) }, hidden()),
		rowField(rows, "timeEnd", func(f finding.Finding) *time.Time { return timeOrNull(f.Last) }, hidden()),
		text("text", func(f finding.Finding) string { return strangers.HTML(f.Sentence) }),
		text("tags", func(f finding.Finding) string { return strings.Join([]string{f.Rule, f.Severity}, ",") }),
	)
}

// evidenceKeys are what evidence is filtered by.
var evidenceKeys = []fields.Key{
	fields.KeyReason, fields.KeyCategory, fields.KeyAccount, fields.KeyApp, fields.KeyUser, fields.KeyIP, fields.KeyServer,
}

func evidenceColumn(key fields.Key) string { return "evidence_" + string(key) }

// patternOf matches the values of a key that evidence has: all, if it does not matter.
func patternOf(f finding.Finding, key fields.Key) string {
	for _, condition := range f.Evidence {
		if condition.Key != key {
			continue
		}
		quoted := make([]string, len(condition.Values))
		for i, value := range condition.Values {
			quoted[i] = regexp.QuoteMeta(value)
		}
		return strings.Join(quoted, "|")
	}
	return ".*"
}

// evidenceLinks lead from a row to its records; Grafana puts the row's patterns in.
func (o Options) evidenceLinks() []data.DataLink {
	var filters []query.Filter
	for _, key := range evidenceKeys {
		filters = append(filters, query.Filter{
			Key: key, Operator: query.Matches, Values: []string{fmt.Sprintf("${__data.fields[%q]}", evidenceColumn(key))},
		})
	}
	link := o.linkTo("Show the records that are evidence", query.Stops, query.Records, filters)
	if link == nil {
		return nil
	}
	return []data.DataLink{*link}
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

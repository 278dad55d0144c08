package query

import (
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Version is the newest query version this build understands.
const Version = 1

// Operator is one of Grafana's ad-hoc filter operators.
type Operator string

// The operators; regular expressions are RE2 and match the whole value.
const (
	Equals       Operator = "="
	NotEquals    Operator = "!="
	OneOf        Operator = "=|"
	NotOneOf     Operator = "!=|"
	Matches      Operator = "=~"
	MatchesNot   Operator = "!~"
	AutoInterval          = "auto"
)

// Filter keeps the records whose key has (or has not) one of the values.
type Filter struct {
	Key      fields.Key `json:"key"`
	Operator Operator   `json:"operator"`
	Values   []string   `json:"values"`
	// AdHoc reports whether it is the dashboard's and not the query's own; the
	// browser tells when it sends it.
	AdHoc bool `json:"adHoc,omitempty"`
}

// Sort orders rows by one column.
type Sort struct {
	By   string `json:"by"`
	Desc bool   `json:"desc"`
}

// Query is one query, complete and valid once it came out of [Parse].
type Query struct {
	Version int          `json:"version"`
	Type    Type         `json:"queryType"`
	View    View         `json:"view,omitempty"`
	Metric  Metric       `json:"metric,omitempty"`
	GroupBy []fields.Key `json:"groupBy,omitempty"`
	Filters []Filter     `json:"filters,omitempty"`
	Sort    *Sort        `json:"sort,omitempty"`
	// Limit is the most rows (records, logs) or groups (other views).
	Limit int `json:"limit,omitempty"`
	// Interval is "auto" or a duration such as "1m".
	Interval string `json:"interval,omitempty"`
	// Change reports whether totals are the difference to the time before the
	// range, as long as the range.
	Change bool `json:"change,omitempty"`
	// Live reports whether records or logs of stops go on with what stops from now
	// on; alert rules ignore it.
	Live bool `json:"live,omitempty"`
	// CoverageShown reports whether since when records are complete is told
	// beside the answer, as on a dashboard that has a panel for it, so that the
	// answer has no notice of that.
	CoverageShown bool `json:"coverageShown,omitempty"`
	// Timezone is where days, weeks, months and years begin, such as
	// "Europe/Berlin": the dashboard's, put in by the browser. Empty means UTC.
	Timezone string `json:"timezone,omitempty"`
	// Key is what a values query lists.
	Key fields.Key `json:"key,omitempty"`

	// FixedInterval is Interval decoded; zero means that Grafana's is used, or
	// else the calendar's.
	FixedInterval time.Duration `json:"-"`
	// Every is Interval where the calendar decides how long it is.
	Every *model.Calendar `json:"-"`
	// Where is Filters compiled.
	Where []fields.Condition `json:"-"`
}

// TellsClientsApart reports whether each group is of one app or one client, so
// that it can be told whether these are back.
func (q Query) TellsClientsApart() bool {
	return slices.Contains(q.GroupBy, fields.KeyApp) || slices.Contains(q.GroupBy, fields.KeyName)
}

// Followable reports whether an answer can go on with what stops from then on.
func (q Query) Followable() bool {
	return q.Type == Stops && (q.View == Records || q.View == Logs)
}

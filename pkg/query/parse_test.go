package query

import (
	_ "embed"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// The same file holds the editor's own checks to what is told here.
//
//go:embed testdata/cases.jsonc
var casesFile string

var wholeLineComment = regexp.MustCompile(`(?m)^\s*//.*$`)

func TestCases(t *testing.T) {
	var cases []struct {
		Name, Refused string
		Query         json.RawMessage
	}
	if err := json.Unmarshal(wholeLineComment.ReplaceAll([]byte(casesFile), nil), &cases); err != nil {
		t.Fatal(err)
	}
	for _, test := range cases {
		t.Run(test.Name, func(t *testing.T) {
			_, err := Parse(test.Query, ForPanels)
			var typed *Error
			switch {
			case test.Refused == "" && err != nil:
				t.Fatalf("got %v, want an answer", err)
			case test.Refused != "" && (!errors.As(err, &typed) || !strings.HasPrefix(err.Error(), test.Refused)):
				t.Fatalf("got %v, want %q…", err, test.Refused)
			}
		})
	}
}

func TestParseRefusesWhatIsNoObject(t *testing.T) {
	for _, raw := range []string{`nope`, `[]`, `"stops"`} {
		if _, err := Parse([]byte(raw), ForPanels); err == nil || !strings.HasPrefix(err.Error(), "query: is not a JSON object") {
			t.Errorf("%s: got %v", raw, err)
		}
	}
}

func TestParseDefaults(t *testing.T) {
	tests := map[string]struct {
		raw   string
		check func(Query) bool
	}{
		"an empty query asks for stops over time by reason": {`{}`, func(q Query) bool {
			return q.Version == 1 && q.Type == Stops && q.View == TimeSeries && q.Metric == "stops" &&
				len(q.GroupBy) == 1 && q.GroupBy[0] == fields.KeyReason && q.Limit == DefaultGroups && q.Interval == AutoInterval
		}},
		"an empty grouping is a choice": {`{"groupBy":[]}`, func(q Query) bool { return len(q.GroupBy) == 0 }},
		"records have a row limit and are newest first": {`{"view":"records"}`, func(q Query) bool {
			return q.Limit == DefaultRows && q.Sort.By == "time" && q.Sort.Desc
		}},
		"tables are largest first": {`{"view":"table","metric":"bytes_lost_min"}`, func(q Query) bool {
			return q.Sort.By == "bytes_lost_min" && q.Sort.Desc
		}},
		"a fixed interval is decoded": {`{"interval":"90m"}`, func(q Query) bool { return q.FixedInterval == 90*time.Minute && q.Every == nil }},
		"a day is the calendar's": {`{"interval":"1d"}`, func(q Query) bool {
			return q.FixedInterval == 0 && *q.Every == (model.Calendar{Count: 1, Unit: model.Day, Place: time.UTC})
		}},
		"Grafana's interval variable means auto": {`{"interval":"$__interval"}`, func(q Query) bool {
			return q.Interval == AutoInterval && q.FixedInterval == 0
		}},
		"every value of a variable": {`{"queryType":"values","key":"app"}`, func(q Query) bool { return q.Limit == MaxLimit }},
		"the panel's interval is never replaced": {`{"interval":"$__rate_interval"}`, func(q Query) bool {
			return q.Interval == AutoInterval && q.FixedInterval == 0
		}},
		"a number is its text": {`{"filters":[{"key":"version","operator":"=","values":[2.0]}]}`, func(q Query) bool {
			return q.Filters[0].Values[0] == "2.0" && q.Where[0].Match("2.0")
		}},
		"Explore's own key is ignored": {`{"key":"Q-abc","refId":"A","datasource":{"uid":"x"}}`, func(q Query) bool { return q.Key == "" }},
		"null lists are absent":        {`{"groupBy":null,"filters":null}`, func(q Query) bool { return len(q.GroupBy) == 1 }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			q, err := Parse([]byte(test.raw), ForPanels)
			if err != nil || !test.check(q) {
				t.Fatalf("got %+v, %v", q, err)
			}
		})
	}
}

func TestOperators(t *testing.T) {
	tests := []struct {
		operator, values string
		matches, misses  string
	}{
		{"=", `["web"]`, "web", "webs"},
		{"!=", `["web"]`, "webs", "web"},
		{"=|", `["web","api"]`, "api", "db"},
		{"!=|", `["web","api"]`, "db", "web"},
		{"=~", `["w.b|api"]`, "web", "web2"},
		{"!~", `["w.b|api"]`, "web2", "api"},
	}
	for _, test := range tests {
		t.Run(test.operator, func(t *testing.T) {
			q, err := Parse([]byte(`{"filters":[{"key":"app","operator":"`+test.operator+`","values":`+test.values+`}]}`), ForPanels)
			if err != nil {
				t.Fatal(err)
			}
			match := q.Where[0].Match
			if !match(test.matches) || match(test.misses) {
				t.Fatalf("%q should match and %q should not", test.matches, test.misses)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"queryType":"stops","view":"table","groupBy":["app"],"filters":[{"key":"ip","operator":"=~","values":["10.*"]}]}`))
	f.Add([]byte(`{"sort":{"by":"time","desc":false},"limit":5,"interval":"1m"}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		q, err := Parse(raw, ForPanels)
		var typed *Error
		if err != nil && (!errors.As(err, &typed) || typed.Field == "") {
			t.Fatalf("an error without a field: %v", err)
		}
		if err == nil && (q.Limit < 1 || q.Type != Values && q.View == "") {
			t.Fatalf("accepted an incomplete query: %+v", q)
		}
	})
}

// TestEveryMetricIsAMeasure: one that the table does not have would be shown
// without words and unit, and be summed whatever it is.
func TestEveryMetricIsAMeasure(t *testing.T) {
	for kind, spec := range Specs() {
		for _, metric := range spec.Metrics {
			if fields.MeasureOf(string(metric)).Heading == "" {
				t.Errorf("%s has the metric %s, which is no measure", kind, metric)
			}
		}
	}
}

// TestFiltersOnWhoIsHiddenAreRefused: they would find nothing, whoever there is.
func TestFiltersOnWhoIsHiddenAreRefused(t *testing.T) {
	nameless := ForPanels
	nameless.Nameless = true
	for text, want := range map[string]string{
		`{"filters":[{"key":"app","operator":"=","values":["a"]},{"key":"ip","operator":"=","values":["10.0.0.1"]}]}`: "filters[1].key: ip is hidden by this data source (private); remove the filter.",
		`{"filters":[{"key":"user","operator":"!=","values":["a"]}]}`:                                                 "filters[0].key: user is hidden by this data source (private); remove the filter.",
		`{"groupBy":["user","ip"]}`: "",
	} {
		if _, err := Parse([]byte(text), ForPanels); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if _, err := Parse([]byte(text), nameless); (err == nil) != (want == "") || err != nil && err.Error() != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}

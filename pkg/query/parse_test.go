package query

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
)

func TestParseRefusesEachBadField(t *testing.T) {
	tests := map[string]struct{ raw, want string }{
		"not JSON":              {`nope`, "query: is not a JSON object"},
		"newer version":         {`{"version":2}`, "version: 2 is newer than this plugin understands (1); update the plugin."},
		"version of wrong type": {`{"version":"1"}`, "version: is a string; it must be a whole number."},
		"query type":            {`{"queryType":"stop"}`, `queryType: "stop" is unknown; use stops, connections, servers or values.`},
		"view":                  {`{"queryType":"servers","view":"logs"}`, `view: "logs" is not a view of servers; use table or totals.`},
		"metric":                {`{"metric":"open"}`, `metric: "open" is not a metric of stops; use stops or bytes_lost_min.`},
		"groupBy of wrong type": {`{"groupBy":"reason"}`, "groupBy: is a string; it must be a list."},
		"unknown key":           {`{"groupBy":["host"]}`, `groupBy[0]: stops cannot be grouped by "host"; use reason, class`},
		"key twice":             {`{"groupBy":["app","app"]}`, `groupBy[1]: "app" is there twice; remove one.`},
		"key of another type":   {`{"queryType":"connections","groupBy":["reason"]}`, `groupBy[0]: connections cannot be grouped by "reason"`},
		"filter key":            {`{"filters":[{"key":"x","operator":"=","values":["1"]}]}`, `filters[0].key: stops cannot be filtered by "x"`},
		"filter operator":       {`{"filters":[{"key":"app","operator":"<","values":["1"]}]}`, `filters[0].operator: "<" is unknown; use =, !=, =|, !=|, =~ or !~.`},
		"no values":             {`{"filters":[{"key":"app","operator":"=|","values":[]}]}`, "filters[0].values: is empty; give app a value or remove the filter."},
		"too many values":       {`{"filters":[{"key":"app","operator":"=","values":["a","b"]}]}`, `filters[0].values: has 2 values but "=" takes one; use =| or !=|.`},
		"bad expression":        {`{"filters":[{"key":"app","operator":"=~","values":["("]}]}`, `filters[0].values: "(" is not an RE2 regular expression; correct it.`},
		"unbalanced expression": {`{"filters":[{"key":"app","operator":"=~","values":["a)|(b"]}]}`, `filters[0].values: "a)|(b" is not an RE2`},
		"sort":                  {`{"view":"records","sort":{"by":"colour"}}`, `sort.by: records of stops cannot be sorted by "colour"; use time, duration`},
		"negative limit":        {`{"limit":-1}`, "limit: -1 is out of range; use 1 to 100000."},
		"huge limit":            {`{"limit":100001}`, "limit: 100001 is out of range"},
		"limit of wrong type":   {`{"limit":"many"}`, "limit: is a string; it must be a whole number."},
		"interval":              {`{"interval":"soon"}`, `interval: "soon" is not an interval of one second or more; use auto or a duration such as 1m.`},
		"short interval":        {`{"interval":"10ms"}`, `interval: "10ms" is not an interval`},
		"values key":            {`{"queryType":"values","key":"x"}`, `key: "x" is unknown; use reason`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(test.raw))
			var typed *Error
			if !errors.As(err, &typed) || !strings.HasPrefix(err.Error(), test.want) {
				t.Fatalf("got %v, want %q…", err, test.want)
			}
		})
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
		"a fixed interval is decoded": {`{"interval":"1d"}`, func(q Query) bool { return q.FixedInterval == 24*time.Hour }},
		"Grafana's interval variable means auto": {`{"interval":"$__interval"}`, func(q Query) bool {
			return q.Interval == AutoInterval && q.FixedInterval == 0
		}},
		"Explore's own key is ignored": {`{"key":"Q-abc","refId":"A","datasource":{"uid":"x"}}`, func(q Query) bool { return q.Key == "" }},
		"null lists are absent":        {`{"groupBy":null,"filters":null}`, func(q Query) bool { return len(q.GroupBy) == 1 }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			q, err := Parse([]byte(test.raw))
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
			q, err := Parse([]byte(`{"filters":[{"key":"app","operator":"` + test.operator + `","values":` + test.values + `}]}`))
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
		q, err := Parse(raw)
		var typed *Error
		if err != nil && (!errors.As(err, &typed) || typed.Field == "") {
			t.Fatalf("an error without a field: %v", err)
		}
		if err == nil && (q.Limit < 1 || q.Type != Values && q.View == "") {
			t.Fatalf("accepted an incomplete query: %+v", q)
		}
	})
}

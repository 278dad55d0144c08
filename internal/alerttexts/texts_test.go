// Package alerttexts_test reads the texts and links of the shipped alert rules as
// Grafana makes them: templates that are filled in for each alert.
package alerttexts_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/query"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

const repository = "../.."

type rule struct {
	UID         string `yaml:"uid"`
	Annotations map[string]string
	Data        []struct {
		Model struct {
			GroupBy []string `yaml:"groupBy"`
		}
	}
}

func rules(t *testing.T) []rule {
	t.Helper()
	text, err := os.ReadFile(repository + "/provisioning/alerting/nats-connections.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Groups []struct{ Rules []rule } }
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	return file.Groups[0].Rules
}

// value is a number of a query as Grafana's templates have it.
type value struct{ Value float64 }

type alert struct {
	Labels map[string]string
	Values map[string]value
}

// functions are those of Grafana's that the texts use; what is not here fails.
var functions = template.FuncMap{
	"reReplaceAll": func(pattern, by, text string) string { return regexp.MustCompile(pattern).ReplaceAllString(text, by) },
	"toLower":      strings.ToLower,
	"externalURL":  func() string { return "https://grafana.example.com/sub/" },
	"humanize1024": func(v float64) string { return fmt.Sprintf("%.4gMi", v/(1<<20)) },
	"humanizeDuration": func(v float64) string {
		return (time.Duration(v) * time.Second).String()
	},
	"toTime": func(v float64) *time.Time { at := time.Unix(int64(v), 0).UTC(); return &at },
}

func (a alert) fill(t *testing.T, text string) string {
	t.Helper()
	const variables = "{{- $labels := .Labels -}}{{- $values := .Values -}}"
	filled := template.Must(template.New("").Funcs(functions).Option("missingkey=invalid").Parse(variables + text))
	var out strings.Builder
	if err := filled.Execute(&out, a); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// labels of a stranger's making: what would break an address, JSON or a template.
var labels = map[string]string{
	"reason": "Slow Consumer (Pending Bytes)", "app": `a"b\c &d=e+f#{{ x }}|,`, "account": "O'Neil & Söhne %20", "server": "n1 (eu)",
	"finding": "slow_consumer",
}

var at = time.Date(2026, 3, 1, 17, 12, 3, 0, time.UTC)

func state(r rule, fires float64) alert {
	last := float64(at.UnixMilli())
	a := alert{Labels: map[string]string{}, Values: map[string]value{
		"A": {12}, "rate": {11.6}, "lost": {40 << 20}, "threshold": {fires},
		"last": {last}, "from": {last - 900_000}, "to": {last + 300_000}, "at": {last / 1000},
	}}
	for _, key := range r.Data[0].Model.GroupBy {
		if label, is := labels[key]; is {
			a.Labels[key] = label
		}
	}
	return a
}

func TestTextsOfEachState(t *testing.T) {
	app, account := labels["app"], labels["account"]
	want := map[string][2]string{
		"nats-finding-critical": {app + " (" + account + "): slow consumer, last at 17:12:03 UTC", app + " (" + account + "): slow consumer is over"},
		"nats-finding-lasting":  {app + " (" + account + "): slow consumer for 12s, last at 17:12:03 UTC", app + " (" + account + "): slow consumer is over, or has not lasted 15 minutes"},
		"nats-slow-consumer": {
			app + " (" + account + "): slow-consumer cuts in 10 minutes: 12, at least 40MiB lost, last at 17:12:03 UTC",
			app + " (" + account + "): no slow-consumer cut in the last 10 minutes",
		},
		"nats-auth-failures": {
			app + ": refused 12 times in an hour, last at 17:12:03 UTC", app + ": refusals in the last hour: 12, fewer than 50",
		},
		"nats-unexpected-stops": {
			account + ": Slow Consumer (Pending Bytes), 12 stops a minute, last at 17:12:03 UTC",
			account + ": Slow Consumer (Pending Bytes), no more than 10 stops a minute",
		},
		"nats-server-no-answer": {
			"n1 (eu): its monitoring endpoint does not answer, last at 17:12:03 UTC", "n1 (eu): its monitoring endpoint answers",
		},
		"nats-records-lost": {
			"n1 (eu): stops forgotten before they were read: 12", "n1 (eu): no stop was forgotten in the last hour",
		},
	}
	for _, r := range rules(t) {
		for i, fires := range []float64{1, 0} {
			if got := state(r, fires).fill(t, r.Annotations["summary"]); got != want[r.UID][i] {
				t.Errorf("%s: %q, want %q", r.UID, got, want[r.UID][i])
			}
		}
		firing, over := state(r, 1).fill(t, r.Annotations["description"]), state(r, 0).fill(t, r.Annotations["description"])
		if firing == over || !strings.HasSuffix(firing, ".") || !strings.HasSuffix(over, ".") {
			t.Errorf("%s: %q, %q", r.UID, firing, over)
		}
	}
}

// TestFindingsOfWhomever: what a rule does not tell apart is no label.
func TestFindingsOfWhomever(t *testing.T) {
	for want, who := range map[string]map[string]string{
		"price (orders): churn is over":      {"app": "price", "account": "orders"},
		"n1: churn is over":                  {"server": "n1"},
		"user joe (orders): churn is over":   {"user": "joe", "account": "orders"},
		"10.0.0.1: churn is over":            {"ip": "10.0.0.1"},
		"the system (orders): churn is over": {"account": "orders"},
	} {
		a := alert{Labels: map[string]string{"finding": "churn"}, Values: map[string]value{"A": {0}, "threshold": {0}}}
		maps.Copy(a.Labels, who)
		if got := a.fill(t, rules(t)[0].Annotations["summary"]); got != want {
			t.Errorf("%v: %q, want %q", who, got, want)
		}
	}
}

// TestNothingKnownYet: a zero of nobody has no labels, and is no missing answer.
func TestNothingKnownYet(t *testing.T) {
	for _, r := range rules(t) {
		zero := alert{Labels: map[string]string{}, Values: map[string]value{"A": {0}, "rate": {0}, "threshold": {0}}}
		for _, name := range []string{"summary", "description"} {
			got := zero.fill(t, r.Annotations[name])
			if ofServers := r.Data[0].Model.GroupBy[0] == "server"; !ofServers && strings.Contains(got, "no value") {
				t.Errorf("%s, %s: %s", r.UID, name, got)
			}
			if strings.Contains(got, "obody knows") || strings.Contains(got, "no answer") {
				t.Errorf("%s, %s: %s", r.UID, name, got)
			}
		}
	}
}

// TestWithoutAnAnswer: neither labels nor numbers are there, and no text says so by
// itself (Grafana writes “no value”).
func TestWithoutAnAnswer(t *testing.T) {
	for _, r := range rules(t) {
		for name, text := range r.Annotations {
			got := alert{}.fill(t, text)
			if strings.Contains(got, "no value") || strings.Contains(got, "NaN") {
				t.Errorf("%s, %s: %s", r.UID, name, got)
			}
			if strings.HasSuffix(name, "_url") {
				if _, err := url.Parse(got); err != nil {
					t.Errorf("%s, %s: %v", r.UID, name, err)
				}
			}
		}
		if got := (alert{}).fill(t, r.Annotations["summary"]); !strings.Contains(got, "nobody knows") {
			t.Errorf("%s: %s", r.UID, got)
		}
	}
}

// parameters are those of an address, as a browser and Grafana both take them apart.
func parameters(t *testing.T, address string) url.Values {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, "https://grafana.example.com/sub/") || strings.Contains(parsed.RawQuery, "+") {
		t.Fatalf("%s: %v", address, err)
	}
	return parsed.Query()
}

func TestDashboardsThatAlertsLeadTo(t *testing.T) {
	for _, r := range rules(t) {
		a := state(r, 1)
		got := parameters(t, a.fill(t, r.Annotations["dashboard_url"]))
		if got.Get("var-datasource") != "nats-connections" || got.Get("orgId") != "1" {
			t.Errorf("%s: %v", r.UID, got)
		}
		if got.Get("from") != fmt.Sprint(at.UnixMilli()-900_000) || got.Get("to") != fmt.Sprint(at.UnixMilli()+300_000) {
			t.Errorf("%s: from %s to %s", r.UID, got.Get("from"), got.Get("to"))
		}
		for key, label := range a.Labels {
			filter := key + "|=|" + strings.ReplaceAll(strings.ReplaceAll(label, "|", "__gfp__"), ",", "__gfc__")
			told := got.Get("var-"+key) == label || slices.Contains(got["var-filters"], filter)
			if !told && key != "finding" && (key != "reason" || r.UID == "nats-unexpected-stops") {
				t.Errorf("%s: %s is %q", r.UID, key, got)
			}
		}
		before := a
		before.Values = map[string]value{"threshold": {0}, "from": {math.NaN()}, "to": {math.NaN()}, "at": {math.NaN()}}
		if got := parameters(t, before.fill(t, r.Annotations["dashboard_url"])); got.Get("from") != "now-1h" || got.Get("to") != "now" {
			t.Errorf("%s, when nothing was: from %s to %s", r.UID, got.Get("from"), got.Get("to"))
		}
	}
}

func TestRecordsThatAlertsLeadTo(t *testing.T) {
	for _, r := range rules(t) {
		for _, a := range []alert{state(r, 1), {}} {
			var panes map[string]struct {
				Datasource string
				Queries    []json.RawMessage
				Range      struct{ From, To string }
			}
			text := parameters(t, a.fill(t, r.Annotations["records_url"])).Get("panes")
			if err := json.Unmarshal([]byte(text), &panes); err != nil {
				t.Fatalf("%s: %v: %s", r.UID, err, text)
			}
			q, err := query.Parse(panes["a"].Queries[0], query.ForPanels)
			if err != nil {
				t.Fatalf("%s: %v", r.UID, err)
			}
			for _, filter := range q.Filters {
				if filter.Values[0] != a.Labels[string(filter.Key)] {
					t.Errorf("%s: %s", r.UID, filter)
				}
			}
			if (len(q.Filters) > 0) != (len(a.Labels) > 0) {
				t.Errorf("%s: %v of %v", r.UID, q.Filters, a.Labels)
			}
			if len(a.Labels) > 0 && panes["a"].Range.From != fmt.Sprint(at.UnixMilli()-900_000) && r.UID != "nats-auth-failures" && r.UID != "nats-records-lost" {
				t.Errorf("%s: %v", r.UID, panes["a"].Range)
			}
		}
	}
}

var (
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	named   = regexp.MustCompile(`(?m)^<a id="([^"]+)"></a>$`)
)

// TestPagesThatAlertsLeadTo: the heading is that of the alert's reason or finding, of whatever there is.
func TestPagesThatAlertsLeadTo(t *testing.T) {
	for _, r := range rules(t) {
		cases := []map[string]string{labels}
		if slices.Contains(r.Data[0].Model.GroupBy, "reason") {
			for _, one := range reason.Catalogue() {
				cases = append(cases, map[string]string{"reason": one.Text})
			}
		}
		if slices.Contains(r.Data[0].Model.GroupBy, "finding") {
			for _, id := range finding.IDs() {
				cases = append(cases, map[string]string{"finding": id})
			}
		}
		for _, given := range cases {
			address := alert{Labels: given}.fill(t, r.Annotations["runbook_url"])
			page, anchor, _ := strings.Cut(address[strings.LastIndex(address, "/docs/"):], "#")
			text, err := os.ReadFile(repository + page)
			if err != nil {
				t.Fatal(err)
			}
			known := slices.ContainsFunc(heading.FindAllStringSubmatch(string(text), -1), func(found []string) bool {
				return anchorOf(found[1]) == anchor
			})
			known = known || slices.ContainsFunc(named.FindAllStringSubmatch(string(text), -1), func(found []string) bool {
				return found[1] == anchor
			})
			if !known {
				t.Errorf("%s leads to %s", r.UID, address)
			}
		}
	}
}

var notInAnchors = regexp.MustCompile(`[^\w\- ]`)

// anchorOf is what GitHub calls a heading in addresses.
func anchorOf(heading string) string {
	return strings.ReplaceAll(notInAnchors.ReplaceAllString(strings.ToLower(heading), ""), " ", "-")
}

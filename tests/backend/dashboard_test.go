package backend_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/pkg/query"
	"github.com/natsops/nats-connections-datasource/pkg/stops"
)

// ownRecord is a closed connection as /connz tells it, read without any of the
// plugin's code.
type ownRecord struct{ reason, account, server string }

func (r ownRecord) value(t *testing.T, key stops.Key) string {
	t.Helper()
	switch key {
	case stops.KeyReason:
		return r.reason
	case stops.KeyAccount:
		return r.account
	case stops.KeyServer:
		return r.server
	case stops.KeyClass:
		if slices.Contains([]string{"Client Closed", "Server Shutdown", "Kicked", "Credentials Revoked"}, r.reason) {
			return "planned"
		}
		return "unexpected"
	case stops.KeyCategory:
		if strings.HasPrefix(r.reason, "Slow Consumer") {
			return "slow_consumer"
		}
		return "another"
	default:
		t.Fatalf("the dashboard uses %q, which this test cannot tell from /connz", key)
		return ""
	}
}

func ownRecords(t *testing.T, c cluster) []ownRecord {
	t.Helper()
	var records []ownRecord
	for _, s := range c.Servers {
		for _, connection := range connz(t, s.Monitor, "state=closed&auth=1") {
			record := ownRecord{reason: connection["reason"].(string), account: "$G", server: s.Name}
			if account, ok := connection["account"].(string); ok {
				record.account = account
			}
			records = append(records, record)
		}
	}
	return records
}

// target is a query of the provisioned dashboard, with its variables at "All".
type target struct {
	Title string
	Query query.Query
	Raw   string
}

func dashboardTargets(t *testing.T) []target {
	t.Helper()
	raw, err := os.ReadFile("../../provisioning/dashboards/nats-connections.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string           `json:"title"`
			Targets []map[string]any `json:"targets"`
		} `json:"panels"`
	}
	if err := json.Unmarshal(raw, &dashboard); err != nil {
		t.Fatal(err)
	}
	var targets []target
	for _, panel := range dashboard.Panels {
		for _, model := range panel.Targets {
			atAll, err := json.Marshal(withoutVariables(model))
			if err != nil {
				t.Fatal(err)
			}
			parsed, err := query.Parse(atAll)
			if err != nil {
				t.Fatalf("%s: %v", panel.Title, err)
			}
			targets = append(targets, target{panel.Title, parsed, string(atAll)})
		}
	}
	return targets
}

func withoutVariables(model map[string]any) map[string]any {
	model = maps.Clone(model)
	filters, _ := model["filters"].([]any)
	model["filters"] = slices.DeleteFunc(slices.Clone(filters), func(filter any) bool {
		return strings.Contains(fmt.Sprint(filter.(map[string]any)["values"]), "$")
	})
	return model
}

// TestDashboardAgreesWithConnz compares every count of stops on the
// provisioned dashboard with what the servers themselves list.
func TestDashboardAgreesWithConnz(t *testing.T) {
	c := startCluster(t)
	for _, behaviour := range []string{"auth-failure-burst", "slow-consumer-pending", "max-payload", "clean-close", "kicked"} {
		cause(t, c, behaviour, func(labStop) {})
	}
	ds := datasource(t, c.monitors()...)
	own := ownRecords(t, c)
	if len(own) < 16 {
		t.Fatalf("the servers list only %d stops", len(own))
	}
	compared := 0
	for _, target := range dashboardTargets(t) {
		if target.Query.Type == query.Stops && target.Query.Metric == "stops" {
			compared++
			t.Run(target.Title, func(t *testing.T) { agree(t, countOwn(t, own, target.Query), shown(t, ds, target)) })
		}
	}
	if compared < 6 {
		t.Fatalf("only %d panels could be compared", compared)
	}
}

// known are the keys by which groups are compared; by others only the sum is.
var known = []stops.Key{stops.KeyReason, stops.KeyAccount, stops.KeyServer, stops.KeyClass}

func agree(t *testing.T, want, got map[string]float64) {
	t.Helper()
	maps.DeleteFunc(got, func(_ string, n float64) bool { return n == 0 })
	if !maps.Equal(got, want) {
		t.Fatalf("shows %v, /connz has %v", got, want)
	}
}

func countOwn(t *testing.T, own []ownRecord, q query.Query) map[string]float64 {
	t.Helper()
	counts := map[string]float64{}
next:
	for _, record := range own {
		for _, condition := range q.Where {
			if !condition.Match(record.value(t, condition.Key)) {
				continue next
			}
		}
		counts[labelled(q, func(key stops.Key) string { return record.value(t, key) })]++
	}
	return counts
}

func labelled(q query.Query, value func(stops.Key) string) string {
	var parts []string
	if q.View != query.Records && q.View != query.Logs {
		for _, key := range q.GroupBy {
			if slices.Contains(known, key) {
				parts = append(parts, string(key)+"="+value(key))
			}
		}
	}
	return strings.Join(parts, ",")
}

// shown sums the numbers of the panel's frame by the keys that are compared.
func shown(t *testing.T, ds backend.DataSourceInstanceSettings, target target) map[string]float64 {
	t.Helper()
	response := askWith(t, ds, nil, over(time.Hour, target.Raw))
	answer := frame(t, response)
	sums := map[string]float64{}
	if target.Query.View == query.Records {
		return map[string]float64{"": float64(answer.Rows())}
	}
	if target.Query.View == query.Table {
		for _, row := range rows(t, response) {
			sums[labelled(target.Query, func(key stops.Key) string { return row[string(key)].(string) })] += float64(row["stops"].(int64))
		}
		return sums
	}
	for _, field := range answer.Fields {
		if field.Name != "stops" {
			continue
		}
		label := labelled(target.Query, func(key stops.Key) string { return field.Labels[string(key)] })
		for i := range field.Len() {
			number, err := field.FloatAt(i)
			if err != nil {
				t.Fatal(err)
			}
			sums[label] += number
		}
	}
	return sums
}

package plugin

import (
	"flag"
	"fmt"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/experimental"

	"github.com/natsops/nats-connections-datasource/pkg/query"
)

// update rewrites the golden files; without it they can only be compared.
var update = flag.Bool("update", false, "rewrite the golden files")

var goldenQueries = map[string]string{
	"stops-timeseries":       `{"queryType":"stops","view":"timeseries","groupBy":["reason","account","server"]}`,
	"stops-timeseries-bytes": `{"queryType":"stops","metric":"bytes_lost_min","groupBy":[],"interval":"5m"}`,
	"stops-totals":           `{"queryType":"stops","view":"totals","groupBy":["reason"]}`,
	"stops-totals-limit":     `{"queryType":"stops","view":"totals","groupBy":["reason","account"],"limit":1}`,
	"stops-totals-named":     `{"queryType":"stops","view":"totals","groupBy":["reason","account"],"filters":[{"key":"reason","operator":"=","values":["Kicked"]}]}`,
	"stops-table":            `{"queryType":"stops","view":"table","groupBy":["account","reason"]}`,
	"stops-apps":             `{"queryType":"stops","view":"table","groupBy":["app","account"]}`,
	"stops-records":          `{"queryType":"stops","view":"records","limit":2}`,
	"stops-logs":             `{"queryType":"stops","view":"logs"}`,
	"connections-totals":     `{"queryType":"connections","view":"totals"}`,
	"connections-table":      `{"queryType":"connections","view":"table","groupBy":["app"]}`,
	"connections-records":    `{"queryType":"connections","view":"records"}`,
	"servers-table":          `{"queryType":"servers","view":"table"}`,
	"servers-totals":         `{"queryType":"servers","view":"totals","metric":"answered"}`,
	"findings-table":         `{"queryType":"findings"}`,
	"findings-totals":        `{"queryType":"findings","view":"totals"}`,
	"findings-logs":          `{"queryType":"findings","view":"logs"}`,
	"findings-timeseries":    `{"queryType":"findings","view":"timeseries","groupBy":["finding"],"interval":"2m"}`,
	"connections-timeseries": `{"queryType":"connections","view":"timeseries"}`,
	"servers-timeseries":     `{"queryType":"servers","view":"timeseries"}`,
	"servers-events":         `{"queryType":"servers","view":"events"}`,
	"values":                 `{"queryType":"values","key":"account"}`,
}

func TestGoldenFrames(t *testing.T) {
	for name, q := range goldenQueries {
		t.Run(name, func(t *testing.T) {
			response := ask(t, datasource(t, fixture), false, q).Responses["A"]
			experimental.CheckGoldenJSONResponse(t, "testdata", name, &response, *update)
		})
	}
	alerts := map[string]string{
		"alert-table":      goldenQueries["stops-table"],
		"alert-apps":       goldenQueries["stops-apps"],
		"alert-timeseries": `{"queryType":"stops","view":"timeseries","groupBy":["reason"],"interval":"7m"}`,
		"alert-totals":     goldenQueries["stops-totals-limit"],
		"alert-findings":   `{"queryType":"findings","view":"table","groupBy":["finding","app"]}`,
	}
	for name, q := range alerts {
		t.Run(name, func(t *testing.T) {
			response := ask(t, datasource(t, fixture), true, q).Responses["A"]
			experimental.CheckGoldenJSONResponse(t, "testdata", name, &response, *update)
		})
	}
}

// TestGoldenCanary proves that the comparison fails on a changed frame.
func TestGoldenCanary(t *testing.T) {
	changed := ask(t, datasource(t, fixture), false, goldenQueries["stops-totals"]).Responses["A"]
	changed.Frames[0].Fields[0].Set(0, int64(4711))
	spare := &testing.T{}
	func() {
		// A T that the runner does not know fails, and then cannot report it.
		defer func() { _ = recover() }()
		experimental.CheckGoldenJSONResponse(spare, "testdata", "stops-totals", &changed, false)
	}()
	noticed := spare.Failed()
	if !noticed {
		t.Fatal("the comparison with the golden file passed a changed frame")
	}
}

// TestEachViewHasAGoldenShape: each view that a query type allows, in a shape that
// its others do not have; one that nobody draws would look like another.
func TestEachViewHasAGoldenShape(t *testing.T) {
	shapes := map[query.Type]map[query.View]string{}
	for _, raw := range goldenQueries {
		asked, err := query.Parse([]byte(raw), query.ForPanels)
		if err != nil {
			t.Fatal(err)
		}
		for _, frame := range ask(t, datasource(t, fixture), false, raw).Responses["A"].Frames {
			if frame.Meta.ExecutedQueryString == "" {
				t.Errorf("%s: no executedQueryString", raw)
			}
			if shapes[asked.Type] == nil {
				shapes[asked.Type] = map[query.View]string{}
			}
			shapes[asked.Type][asked.View] = fmt.Sprint(frame.Meta.Type, frame.Meta.PreferredVisualization)
		}
	}
	for asked, spec := range query.Specs() {
		drawn := map[string]query.View{}
		for _, view := range spec.Views {
			shape, golden := shapes[asked][view]
			if other, taken := drawn[shape]; taken || !golden {
				t.Errorf("%s of %s: golden %v, drawn as %q like %q", view, asked, golden, shape, other)
			}
			drawn[shape] = view
		}
	}
}

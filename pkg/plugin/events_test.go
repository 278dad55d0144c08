package plugin

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// TestEventsHonourFiltersRangeAndLimit: they are told even where no server answers.
func TestEventsHonourFiltersRangeAndLimit(t *testing.T) {
	d := datasource(t, fixture)
	events := func(q string, ago time.Duration) *data.Frame {
		response, err := d.QueryData(context.Background(), &backend.QueryDataRequest{
			PluginContext: backend.PluginContext{DataSourceInstanceSettings: &backend.DataSourceInstanceSettings{UID: "uid1"}},
			Queries: []backend.DataQuery{{
				RefID: "A", JSON: json.RawMessage(q),
				TimeRange: backend.TimeRange{From: time.Now().Add(-ago - time.Hour), To: time.Now().Add(-ago + time.Minute)},
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := response.Responses["A"].Error; err != nil {
			t.Fatal(err)
		}
		return response.Responses["A"].Frames[0]
	}
	for q, test := range map[string]struct {
		ago  time.Duration
		want int
	}{
		`{"queryType":"servers","view":"events"}`:                                                                      {0, 2},
		`{"queryType":"servers","view":"events","version":1}`:                                                          {2 * time.Hour, 0},
		`{"queryType":"servers","view":"events","limit":1}`:                                                            {0, 1},
		`{"queryType":"servers","view":"events","filters":[{"key":"server","operator":"=","values":["n1"]}]}`:          {0, 1},
		`{"queryType":"servers","view":"events","filters":[{"key":"cluster","operator":"=","values":["elsewhere"]}]}`:  {0, 0},
		`{"queryType":"servers","view":"events","filters":[{"key":"server","operator":"=~","values":["n2:8222|n1"]}]}`: {0, 2},
	} {
		if got := events(q, test.ago).Rows(); got != test.want {
			t.Errorf("%s: %d events, want %d", q, got, test.want)
		}
	}
	if frame := events(`{"queryType":"servers","view":"events","limit":1}`, 0); len(frame.Meta.Notices) == 0 {
		t.Error("what is left out is not told")
	}
}

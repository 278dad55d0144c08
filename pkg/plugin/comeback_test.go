package plugin

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

func TestOnlyTablesOfClientsReadOpenConnections(t *testing.T) {
	for q, test := range map[string]struct{ alert, wants bool }{
		`{"queryType":"stops","view":"table","groupBy":["app"]}`:            {false, true},
		`{"queryType":"stops","view":"table","groupBy":["account","name"]}`: {false, true},
		`{"queryType":"stops","view":"table","groupBy":["account","user"]}`: {false, false},
		`{"queryType":"stops","view":"totals","groupBy":["app"]}`:           {false, false},
		`{"queryType":"stops","view":"timeseries","groupBy":["app"]}`:       {false, false},
		`{"queryType":"stops","view":"table","groupBy":["app"],"limit":9}`:  {true, false},
		`{"queryType":"stops","view":"records"}`:                            {false, false},
		`{"queryType":"servers","view":"table"}`:                            {false, false},
	} {
		var lists atomic.Int64
		d := datasource(t, func(req source.Request) []model.Reading {
			if req.Open {
				lists.Add(1)
			}
			return fixture(req)
		})
		ask(t, d, test.alert, q)
		if got := lists.Load() > 0; got != test.wants {
			t.Errorf("%s, alert %v: open connections read: %v", q, test.alert, got)
		}
	}
}

// TestAppsAreAsNewAsAnyStops: the list of open connections may be a few seconds
// old, the stops beside it are not.
func TestAppsAreAsNewAsAnyStops(t *testing.T) {
	var lists, rings atomic.Int64
	d := datasource(t, func(req source.Request) []model.Reading {
		readings := fixture(req)
		if req.Closed && rings.Add(1) > 1 {
			readings[0].Closed = append([]model.Stop{stop(6, "Read Error", "orders", "web-7d4b9c6f5d-k8k9z", time.Second)}, readings[0].Closed...)
			readings[0].Server.Total, readings[0].Server.Open = 6, 0
		}
		if req.Open {
			lists.Add(1)
			readings[0].Open = append(readings[0].Open, make([]model.Connection, 20_000)...)
		}
		return readings
	})
	q := goldenQueries["stops-apps"]
	stops := func() int64 {
		var sum int64
		frame := ask(t, d, false, q).Responses["A"].Frames[0]
		column, _ := frame.FieldByName("stops")
		for i := range column.Len() {
			value, _ := column.At(i).(int64)
			sum += value
		}
		return sum
	}
	if before, after := stops(), stops(); after != before+1 || lists.Load() != 1 {
		t.Errorf("%d stops, then %d; %d lists of open connections", before, after, lists.Load())
	}
}

// TestBackIsUnknownWithASilentServer: whoever is not listed may be open there.
func TestBackIsUnknownWithASilentServer(t *testing.T) {
	all := func(req source.Request) []model.Reading {
		n1 := fixture(req)[:1]
		n1[0].Server.Members = 1
		return n1
	}
	for name, test := range map[string]struct {
		from readings
		want string
	}{"all answer": {all, "gone"}, "one is silent": {fixture, "unknown"}} {
		frame := ask(t, datasource(t, test.from), false, `{"queryType":"stops","view":"table","groupBy":["app"]}`).Responses["A"].Frames[0]
		if got := cell(t, frame, "app", "billing-service", "back"); got != test.want {
			t.Errorf("%s: billing-service is %q, want %q", name, got, test.want)
		}
		if got := cell(t, frame, "app", "web", "back"); got != "back" {
			t.Errorf("%s: web is %q", name, got)
		}
	}
}

// cell is a text in the row that has a value.
func cell(t *testing.T, frame *data.Frame, key, value, column string) string {
	t.Helper()
	keys, _ := frame.FieldByName(key)
	cells, _ := frame.FieldByName(column)
	for i := range keys.Len() {
		if keys.At(i) == value {
			text, _ := cells.At(i).(string)
			return text
		}
	}
	t.Fatalf("no row has %s %s", key, value)
	return ""
}

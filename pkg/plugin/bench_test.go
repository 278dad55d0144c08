package plugin

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// panels are those of the dashboard that npm run bench plays.
var panels = []struct{ name, query string }{
	{"by-reason", `{"queryType":"stops","view":"totals","groupBy":["reason","account","server"]}`},
	{"total", `{"queryType":"stops","view":"totals","groupBy":[]}`},
	{"by-class", `{"queryType":"stops","view":"totals","groupBy":["class"]}`},
	{"by-server", `{"queryType":"stops","view":"totals","groupBy":["server"]}`},
	{"unexpected", `{"queryType":"stops","view":"totals","groupBy":["category"],"filters":[{"key":"class","operator":"=","values":["unexpected"]}]}`},
	{"table", `{"queryType":"stops","view":"table","groupBy":["account","reason"]}`},
	{"who-is-back", `{"queryType":"stops","view":"table","groupBy":["app"]}`},
	{"series-by-reason", `{"queryType":"stops","view":"timeseries","groupBy":["reason"]}`},
	{"series-by-server", `{"queryType":"stops","view":"timeseries","groupBy":["server"]}`},
	{"records", `{"queryType":"stops","view":"records","limit":100}`},
	{"servers", `{"queryType":"servers","view":"table"}`},
	{"lost", `{"queryType":"servers","view":"totals","metric":"records_lost"}`},
	{"findings", `{"queryType":"findings","view":"table"}`},
}

const (
	ringSize = 10_000
	openEach = 300
)

// fullRings are three servers that have nothing new after the first read.
func fullRings() readings {
	reasons := []string{"Client Closed", "Client Closed", "Stale Connection", "Authentication Failure", "Read Error", "Slow Consumer (Pending Bytes)"}
	var rings [3][]model.Stop
	var open [3][]model.Connection
	for server := range rings {
		id := fmt.Sprintf("ID%d", server)
		for i := range ringSize {
			one := stop(uint64(ringSize-i), reasons[i%len(reasons)], fmt.Sprintf("account-%d", i%5), fmt.Sprintf("app-%d-pod-%d", i%20, i%400), time.Duration(i)*50*time.Millisecond)
			one.ServerID = id
			rings[server] = append(rings[server], one)
		}
		for i := range openEach {
			one := stop(uint64(2*ringSize+i), "", fmt.Sprintf("account-%d", i%5), fmt.Sprintf("app-%d-pod-%d", i%20, i%400), 0).Connection
			one.ServerID = id
			open[server] = append(open[server], one)
		}
	}
	var mu sync.Mutex
	known := false
	return func(req source.Request) []model.Reading {
		mu.Lock()
		defer mu.Unlock()
		all := make([]model.Reading, len(rings))
		for i := range all {
			name := fmt.Sprintf("n%d", i)
			all[i] = model.Reading{
				Endpoint: name + ":8222", HeardAt: noon, Ring: model.RingUnchanged, Asked: []string{"GET http://" + name + ":8222/varz"},
				Server: model.Server{
					ID: fmt.Sprintf("ID%d", i), Name: name, Cluster: "c1", Version: "2.15.2", Start: noon.Add(-24 * time.Hour), Now: noon,
					Open: openEach, Total: ringSize + openEach, Members: 3,
				},
			}
			if req.Closed && !known {
				all[i].Ring, all[i].Closed, all[i].RingSize = model.RingRead, rings[i], ringSize
			}
			if req.Open {
				all[i].Open, all[i].OpenAt = open[i], noon
			}
		}
		known = known || req.Closed
		return all
	}
}

// refresh asks a panel as a dashboard does, down to what is sent to Grafana.
func refresh(b *testing.B, d *Datasource, query string) {
	b.Helper()
	response := ask(b, d, false, query)
	if err := response.Responses["A"].Error; err != nil {
		b.Error(err)
	}
	if _, err := backend.ToProto().QueryDataResponse(backend.DataFrameFormat_ARROW, response); err != nil {
		b.Error(err)
	}
}

// BenchmarkRefresh is what panels over three full rings take while nothing is new:
// one alone, and the twelve of a dashboard at once.
func BenchmarkRefresh(b *testing.B) {
	d := datasource(b, fullRings())
	refresh(b, d, panels[0].query)
	for _, panel := range panels {
		b.Run(panel.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				refresh(b, d, panel.query)
			}
		})
	}
	b.Run("twelve", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var each sync.WaitGroup
			for _, panel := range panels[:12] {
				each.Go(func() { refresh(b, d, panel.query) })
			}
			each.Wait()
		}
	})
}

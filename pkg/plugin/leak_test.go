package plugin

import (
	"encoding/json"
	"runtime"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/telemetry"
)

// rounds is how often an instance is made, asked and disposed of: Grafana does
// so whenever somebody saves the settings.
const rounds = 1000

// heapSlack is what the heap may differ by: less than a kilobyte per round.
const heapSlack = 1 << 20

func TestInstancesLeaveNothing(t *testing.T) {
	// A process of its own, so that what is measured is ours alone.
	ns := testnats.StartVersion(t, testnats.Version(), `
		system_account: SYS
		accounts { SYS { users: [{user: grafana, password: s3cret}] } }`)
	metrics := telemetry.New(prometheus.NewRegistry())
	for name, jsonData := range map[string]map[string]any{
		"HTTP": {"version": 1, "urls": []string{ns.MonitorURL}, "backgroundSync": "1h"},
		"NATS": {"version": 1, "nats": map[string]any{"servers": []string{ns.ClientURL}, "auth": "user", "user": "grafana"}},
	} {
		t.Run(name, func(t *testing.T) {
			raw, err := json.Marshal(jsonData)
			if err != nil {
				t.Fatal(err)
			}
			settings := backend.DataSourceInstanceSettings{
				UID: name, Name: name, Type: ID, JSONData: raw, DecryptedSecureJSONData: map[string]string{"natsPassword": "s3cret"},
			}
			// The first rounds also make what is made once and kept.
			for range 20 {
				life(t, metrics, settings, openNow)
				life(t, metrics, settings, closedSoFar)
			}
			goroutines, heap := settled(t)
			for round := range rounds {
				life(t, metrics, settings, openNow)
				// Each round over NATS leaves a record, so reading all of them every time would take long.
				if round%100 == 0 {
					life(t, metrics, settings, closedSoFar)
				}
			}
			testnats.Until(t, "goroutines and heap to return to their start", func() bool {
				return runtime.NumGoroutine() <= goroutines && heapInUse() <= heap+heapSlack
			})
		})
	}
}

const (
	openNow     = `{"queryType":"connections","view":"totals"}`
	closedSoFar = `{"queryType":"stops"}`
)

// life is the whole life of an instance and of what it learns.
func life(t *testing.T, metrics *telemetry.Metrics, settings backend.DataSourceInstanceSettings, model string) {
	t.Helper()
	p := NewProcess(metrics, DefaultLeases())
	defer p.Close()
	d := saved(t, p, backend.PluginContext{}, settings)
	defer d.Dispose()
	if err := ask(t, d, false, model).Responses["A"].Error; err != nil {
		t.Fatal(err)
	}
}

// settled is how many goroutines and bytes there are once both stand still.
func settled(t *testing.T) (goroutines int, heap uint64) {
	t.Helper()
	testnats.Until(t, "what was begun to end", func() bool {
		goroutinesBefore, heapBefore := goroutines, heap
		goroutines, heap = runtime.NumGoroutine(), heapInUse()
		return goroutines == goroutinesBefore && heap <= heapBefore
	})
	return goroutines, heap
}

func heapInUse() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

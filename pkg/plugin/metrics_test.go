package plugin

import (
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/telemetry"
)

// told is what Prometheus would get of a metric with these values of labels,
// if there is anything.
func told(t *testing.T, registry *prometheus.Registry, name string, values ...string) (number float64, present bool) {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			rest := slices.Clone(values)
			for _, l := range m.GetLabel() {
				rest = slices.DeleteFunc(rest, func(value string) bool { return value == l.GetValue() })
			}
			if family.GetName() == name && len(rest) == 0 {
				return m.GetCounter().GetValue() + m.GetGauge().GetValue(), true
			}
		}
	}
	return 0, false
}

func TestEachWayOfReadingIsMeasured(t *testing.T) {
	n1 := testnats.Start(t, nil)
	registry := prometheus.NewRegistry()
	p := NewProcess(telemetry.New(registry), DefaultLeases())
	defer p.Close()
	d := made(t, p, map[string]any{
		"urls": []string{n1.MonitorURL}, "nats": map[string]any{"servers": []string{n1.ClientURL}, "auth": "none"},
	})
	if _, err := memoryOf(t, d).reads.One(t.Context(), closedRead); err != nil {
		t.Fatal(err)
	}
	// Over NATS, this is no login of the system account.
	for _, outcome := range [][]string{{"http", "answered"}, {"nats", "failed"}} {
		if count, _ := told(t, registry, "nats_connections_servers_read_total", outcome...); count != 1 {
			t.Errorf("%v servers: %q, want 1", count, outcome)
		}
	}
}

func TestEachStopIsCountedOnceWhileInstancesOverlap(t *testing.T) {
	const clients = 600
	n1 := testnats.Start(t, &server.Options{ServerName: "n1"})
	registry := prometheus.NewRegistry()
	p := NewProcess(telemetry.New(registry), DefaultLeases())
	defer p.Close()
	jsonData := map[string]any{"urls": []string{n1.MonitorURL}, "syncEvery": "0s"}
	first := made(t, p, jsonData)
	if _, err := memoryOf(t, first).reads.One(t.Context(), closedRead); err != nil {
		t.Fatal(err)
	}
	left := make(chan error)
	go func() { left <- testnats.FillRing(t.Context(), n1.Addr, clients, testnats.LongName) }()
	counted := func() float64 {
		count, _ := told(t, registry, "nats_connections_stopped_total", "Client Closed")
		return count
	}
	// Settings are saved again and again, and Grafana disposes of an instance a while after.
	defer memoryOf(t, first).reads.KeepUp(t.Context(), 5*time.Millisecond)()
	before := first
	for part := range 5 {
		testnats.Until(t, "a part of the stops", func() bool { return counted() > float64(part*clients/6) })
		next := made(t, p, jsonData)
		testnats.Until(t, "the next instance to read", func() bool { return stopsOf(t, next) > 0 })
		before.Dispose()
		before = next
	}
	if err := <-left; err != nil {
		t.Fatal(err)
	}
	testnats.Until(t, "the last stop", func() bool { return stopsOf(t, before) == clients })
	if got := counted(); got != clients {
		t.Fatalf("counted %v of %d", got, clients)
	}
}

package plugin

import (
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/telemetry"
)

// stopsOf is how many stops the data source knows without asking servers.
func stopsOf(t *testing.T, d *Datasource) int {
	t.Helper()
	return testledger.Count(memoryOf(t, d).ledger.Merge(nil))
}

func TestBackgroundSyncKeepsWhatTheRingForgets(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	opts := &server.Options{ServerName: "n1"}
	ring := testnats.LimitRing(opts, 10)
	n1 := testnats.Start(t, opts)
	defer n1.Close()
	d := made(t, newProcess(t), map[string]any{"urls": []string{n1.MonitorURL}, "syncEvery": "0s"})
	defer d.Dispose()
	defer memoryOf(t, d).reads.KeepUp(t.Context(), 10*time.Millisecond)()
	for round := range 2 {
		some := ring * 4 / 5
		if err := testnats.FillRing(t.Context(), n1.Addr, some, testnats.LongName); err != nil {
			t.Fatal(err)
		}
		testnats.Until(t, "the background sync", func() bool { return stopsOf(t, d) == some*(round+1) })
	}
	cold := made(t, newProcess(t), map[string]any{"urls": []string{n1.MonitorURL}})
	defer cold.Dispose()
	if _, err := memoryOf(t, cold).reads.One(t.Context(), closedRead); err != nil || stopsOf(t, cold) != ring {
		t.Fatalf("the ring has %d records, want the %d it can hold (%v)", stopsOf(t, cold), ring, err)
	}
}

func TestInstancesWithBackgroundSyncReadUnasked(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	n1 := testnats.Start(t, nil)
	defer n1.Close()
	if err := testnats.FillRing(t.Context(), n1.Addr, 3, testnats.LongName); err != nil {
		t.Fatal(err)
	}
	registry := prometheus.NewRegistry()
	p := NewProcess(telemetry.New(registry), DefaultLeases())
	d := made(t, p, map[string]any{"urls": []string{n1.MonitorURL}, "backgroundSync": "5s"})
	testnats.Until(t, "the background sync", func() bool { return stopsOf(t, d) == 3 })
	if size, _ := told(t, registry, "nats_connections_ledger_records"); size != 3 {
		t.Errorf("the ledger's size is told as %v, want 3", size)
	}
	p.Close()
	if _, present := told(t, registry, "nats_connections_ledger_records"); present {
		t.Error("a ledger takes its size with it")
	}
	if _, present := told(t, registry, "nats_connections_stopped_total", "Client Closed"); !present {
		t.Error("a ledger leaves its counts behind")
	}
}

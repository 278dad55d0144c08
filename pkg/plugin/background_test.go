package plugin

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/telemetry"
)

func TestBackgroundSyncReadsEverySoOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, s := gated(t, time.Second)
		close(g.letGo)
		// It outlives the request for which the instance was made.
		request, end := context.WithCancel(t.Context())
		stop := s.keepUp(request, 30*time.Second)
		end()
		synctest.Wait()
		if got := g.reads.Load(); got != 1 {
			t.Fatalf("%d reads at the start, want 1", got)
		}
		time.Sleep(5*time.Minute + time.Second)
		if got := g.reads.Load(); got != 11 {
			t.Fatalf("%d reads after five minutes, want 11", got)
		}
		stop()
		time.Sleep(time.Hour)
		if got := g.reads.Load(); got != 11 {
			t.Fatalf("%d reads, some after the end", got)
		}
	})
}

func TestBackgroundSyncTakesWhatPanelsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, s := gated(t, 10*time.Second)
		defer s.close()
		close(g.letGo)
		defer s.keepUp(t.Context(), 30*time.Second)()
		time.Sleep(25 * time.Second)
		if _, err := s.sync(t.Context(), need{lists: lists{closed: true, open: true}}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		if got := g.reads.Load(); got != 2 {
			t.Fatalf("%d reads, want the first and the panel's", got)
		}
	})
}

func TestBackgroundSyncsDoNotPileUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, s := gated(t, time.Second)
		defer s.keepUp(t.Context(), 5*time.Second)()
		time.Sleep(time.Hour)
		if got := g.reads.Load(); got != 1 {
			t.Fatalf("%d reads of a server that hangs, want 1", got)
		}
		s.close()
	})
}

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
	defer memoryOf(t, d).syncer.keepUp(t.Context(), 10*time.Millisecond)()
	for round := range 2 {
		some := ring * 4 / 5
		if err := testnats.FillRing(t.Context(), n1.Addr, some, testnats.LongName); err != nil {
			t.Fatal(err)
		}
		testnats.Until(t, "the background sync", func() bool { return stopsOf(t, d) == some*(round+1) })
	}
	cold := made(t, newProcess(t), map[string]any{"urls": []string{n1.MonitorURL}})
	defer cold.Dispose()
	if _, err := memoryOf(t, cold).syncer.sync(t.Context(), need{lists: lists{closed: true}}); err != nil || stopsOf(t, cold) != ring {
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

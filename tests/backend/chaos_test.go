package backend_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/lab/testnats"
)

// ways are data sources for one cluster, by the way they read it.
type ways map[string]backend.DataSourceInstanceSettings

// waysTo makes the data sources; through is what lies in between, if anything.
func waysTo(t *testing.T, cluster []*process, through *network) ways {
	t.Helper()
	var urls, addresses []string
	for _, p := range cluster {
		monitor, client := strings.TrimPrefix(p.MonitorURL, "http://"), p.Addr
		if through != nil {
			monitor, client = through.to(t, monitor), through.to(t, client)
		}
		urls, addresses = append(urls, "http://"+monitor), append(addresses, "nats://"+client)
	}
	overNATS := with(t, overNATS(t, "grafana", addresses[0]), map[string]any{
		"nats": map[string]any{"servers": addresses, "auth": "user", "user": "grafana"},
	})
	return ways{
		"HTTP": datasource(t, urls...),
		"NATS": overNATS,
		"both": with(t, overNATS, map[string]any{"urls": urls}),
	}
}

// agree waits until each way tells the truth, and what it omits.
func (w ways) agree(t *testing.T, when string, truth *truth) map[string]claims {
	t.Helper()
	agreed := map[string]claims{}
	for way, ds := range w {
		var wrong error
		deadline := time.Now().Add(30 * time.Second)
		for {
			var said claims
			if said, wrong = claimsOf(t, ds); wrong == nil {
				wrong = truth.check(said)
			}
			if wrong == nil || time.Now().After(deadline) {
				agreed[way] = said
				break
			}
			waitFor(t, 100*time.Millisecond)
		}
		if wrong != nil {
			t.Errorf("%s, over %s: %v", when, way, wrong)
		}
	}
	if t.Failed() {
		t.FailNow() // or else every later phase would wait in vain
	}
	return agreed
}

// nothingMissing wants claims without any omission.
func nothingMissing(t *testing.T, when string, agreed map[string]claims) {
	t.Helper()
	for way, said := range agreed {
		for server, lost := range said.lost {
			if lost != 0 {
				t.Errorf("%s, over %s: %s is said to have lost %d stops", when, way, server, lost)
			}
		}
		if len(said.silent)+len(said.restarts) > 0 {
			t.Errorf("%s, over %s: silent %v, restarted %v", when, way, said.silent, said.restarts)
		}
	}
}

// TestServersFail overflows the ring of one server, kills another and starts
// it again, and puts the third into lame duck mode and starts it again.
func TestServersFail(t *testing.T) {
	t.Parallel()
	ring, ringConfig := 200, "max_closed_clients: 200"
	if !testnats.Has(testnats.Version(), "2.10.26", "2.11.0") {
		ring, ringConfig = 10_000, "" // it cannot be told
	}
	cluster := startProcesses(t, map[string]string{
		"n2": ringConfig, "n3": "lame_duck_duration: 30s, lame_duck_grace_period: 1s",
	})
	n1, n2, n3 := cluster[0], cluster[1], cluster[2]
	truth, all := newTruth(), waysTo(t, cluster, nil)
	truth.happen(t, 3, cluster...)
	nothingMissing(t, "at first", all.agree(t, "at first", truth))

	const tooMany = 150
	truth.flood(t, n2, ring+tooMany)
	for way, said := range all.agree(t, "after the overflow", truth) {
		if said.lost["n2"] != tooMany {
			t.Errorf("over %s, %d stops are said to be lost", way, said.lost["n2"])
		}
	}

	truth.happen(t, 2, n1) // nobody reads these
	n1.Kill()
	truth.happen(t, 2, n2, n3)
	for way, said := range all.agree(t, "after the kill", truth) {
		if len(said.silent) != 1 || said.silent["n1"].IsZero() {
			t.Errorf("over %s, n1 is dead, and silent are %v", way, said.silent)
		}
	}
	n1.start(t)
	truth.happen(t, 3, cluster...)
	for way, said := range all.agree(t, "after the restart", truth) {
		if len(said.silent) != 0 || len(said.restarts) != 1 || len(said.restarts["n1"]) != 1 {
			t.Errorf("over %s, n1 restarted; silent %v, restarted %v", way, said.silent, said.restarts)
		}
	}
	lameDuck(t, n3, truth, all)
}

// lameDuck puts a server into lame duck mode until it ends, and starts it anew.
func lameDuck(t *testing.T, p *process, truth *truth, all ways) {
	t.Helper()
	const held = 40
	gone := truth.hold(t, p, held, "Server Shutdown")
	p.EnterLameDuck(t)
	for way, shutdowns := range map[string]bool{"HTTP": true, "NATS": false, "both": true} {
		one := ways{way: all[way]}
		testnats.Until(t, "what lame duck mode looks like over "+way, func() bool {
			said := one.agree(t, "in lame duck mode", truth)[way]
			_, silent := said.silent[p.name]
			return silent != shutdowns && (said.counted[fmt.Sprintf("reason=Server Shutdown,server=%s", p.name)] > 0) == shutdowns
		})
	}
	gone()
	testnats.Until(t, "its end", func() bool { return !p.Running() })
	for way, said := range all.agree(t, "after lame duck mode", truth) {
		if _, silent := said.silent[p.name]; !silent || len(said.silent) != 1 {
			t.Errorf("over %s, %s has ended, and silent are %v", way, p.name, said.silent)
		}
	}
	p.start(t)
	truth.happen(t, 3, p)
	for way, said := range all.agree(t, "at last", truth) {
		if len(said.silent) != 0 || len(said.restarts) != 2 || len(said.restarts[p.name]) != 1 {
			t.Errorf("over %s, two restarted; silent %v, restarted %v", way, said.silent, said.restarts)
		}
	}
}

// TestNetworkIsCut for a minute: nothing is known meanwhile, and everything
// after it.
func TestNetworkIsCut(t *testing.T) {
	t.Parallel()
	cluster := startProcesses(t, nil)
	between := newNetwork()
	truth, all := newTruth(), waysTo(t, cluster, between)
	truth.happen(t, 3, cluster...)
	nothingMissing(t, "at first", all.agree(t, "at first", truth))
	between.cut()
	mended := time.Now().Add(time.Minute)
	for time.Now().Before(mended) {
		truth.happen(t, 1, cluster...)
		for way, ds := range all {
			if _, err := claimsOf(t, ds); err == nil || !strings.Contains(err.Error(), "No server answered") {
				t.Errorf("over %s, without network: %v", way, err)
			}
		}
		waitFor(t, time.Second)
	}
	between.mend()
	nothingMissing(t, "after the cut", all.agree(t, "after the cut", truth))
}

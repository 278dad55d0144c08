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

// agree waits until each way tells the truth, and of its omissions those wanted.
func (w ways) agree(t *testing.T, truth *truth, omissions string) map[string]claims {
	t.Helper()
	agreed := map[string]claims{}
	for way, ds := range w {
		var wrong error
		for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); waitFor(t, 100*time.Millisecond) {
			var said claims
			if said, wrong = claimsOf(t, ds); wrong == nil {
				wrong = truth.check(said)
			}
			if told := said.omissions(); wrong == nil && told != omissions {
				wrong = fmt.Errorf("it omits %q, want %q", told, omissions)
			}
			if wrong == nil {
				agreed[way] = said
				break
			}
		}
		if wrong != nil {
			t.Errorf("over %s: %v", way, wrong)
		}
	}
	if t.Failed() {
		t.FailNow() // or else every later phase would wait in vain
	}
	return agreed
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
		"n2": ringConfig, "n3": `lame_duck_duration: "2m", lame_duck_grace_period: "1s"`,
	})
	n1, n2, n3 := cluster[0], cluster[1], cluster[2]
	truth, all := newTruth(), waysTo(t, cluster, nil)
	truth.happen(t, 3, cluster...)
	all.agree(t, truth, "")

	truth.flood(t, n2, ring+150)
	all.agree(t, truth, "n2 lost 150")

	truth.happen(t, 2, n1) // nobody reads these
	n1.Kill()
	truth.happen(t, 2, n2, n3)
	all.agree(t, truth, "n1 silent, n2 lost 150")
	n1.start(t)
	truth.happen(t, 3, cluster...)
	all.agree(t, truth, "n1 restarted, n2 lost 150")

	gone := truth.hold(t, n3, 40, "Server Shutdown")
	n3.EnterLameDuck(t)
	ways{"NATS": all["NATS"]}.agree(t, truth, "n1 restarted, n2 lost 150, n3 silent")
	for _, way := range []string{"HTTP", "both"} {
		testnats.Until(t, "clients that are sent away", func() bool {
			said := ways{way: all[way]}.agree(t, truth, "n1 restarted, n2 lost 150")[way]
			return said.counted["reason=Server Shutdown,server=n3"] > 0
		})
	}
	n3.Kill() // who is still there goes with it
	gone()
	all.agree(t, truth, "n1 restarted, n2 lost 150, n3 silent")
	n3.start(t)
	truth.happen(t, 3, cluster...)
	all.agree(t, truth, "n1 restarted, n2 lost 150, n3 restarted")
}

// TestNetworkIsCut for a minute: nothing is known meanwhile, and everything
// after it.
func TestNetworkIsCut(t *testing.T) {
	t.Parallel()
	cluster := startProcesses(t, nil)
	between := newNetwork()
	truth, all := newTruth(), waysTo(t, cluster, between)
	truth.happen(t, 3, cluster...)
	all.agree(t, truth, "")
	between.cut()
	for mended := time.Now().Add(time.Minute); time.Now().Before(mended); waitFor(t, time.Second) {
		truth.happen(t, 1, cluster...)
		for way, ds := range all {
			if _, err := claimsOf(t, ds); err == nil || !strings.Contains(err.Error(), "No server answered") {
				t.Errorf("over %s, without network: %v", way, err)
			}
		}
	}
	between.mend()
	all.agree(t, truth, "")
}

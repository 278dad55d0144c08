package backend_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/nats-io/nats-server/v2/server"

	"github.com/natsops/nats-connections-datasource/lab/testnats"
)

// requests are what a server's monitoring was asked so far, by its own count.
type requests struct{ varz, connz int }

func requestsTo(t *testing.T, s *testnats.Server) requests {
	t.Helper()
	var varz struct {
		Stats map[string]int `json:"http_req_stats"`
	}
	get(t, s.MonitorURL+"/varz", &varz)
	return requests{varz: varz.Stats["/varz"], connz: varz.Stats["/connz"]}
}

func TestTwelvePanelsCostThreeSmallRequests(t *testing.T) {
	var servers []*testnats.Server
	var urls []string
	for i := range 3 {
		s := testnats.Start(t, &server.Options{ServerName: fmt.Sprintf("n%d", i+1)})
		if err := testnats.FillRing(t.Context(), s.Addr, 500, testnats.LongName); err != nil {
			t.Fatal(err)
		}
		closedBy(t, s.MonitorURL, 500)
		servers, urls = append(servers, s), append(urls, s.MonitorURL)
	}
	ds := withJSON(t, map[string]any{"version": 1, "urls": urls, "syncEvery": "2s"})
	total := `{"queryType":"stops","view":"totals","groupBy":[]}`
	// The second read follows the first one's findings, so that the third finds peace.
	for range 2 {
		testnats.Until(t, "all stops", func() bool { return totals(t, ask(t, ds, total))[""] == 1500 })
		waitFor(t, 2*time.Second)
	}
	var before []requests
	for _, s := range servers {
		before = append(before, requestsTo(t, s))
	}
	refresh(t, ds, total, 12)
	for i, s := range servers {
		// The first of the two readings of the counters is in the second.
		after := requestsTo(t, s)
		if varz, connz := after.varz-before[i].varz-1, after.connz-before[i].connz; varz != 1 || connz > 1 {
			t.Errorf("n%d was asked %d times for counters and %d times for its ring, want 1 and at most the safety read", i+1, varz, connz)
		}
	}
}

// refresh asks from so many panels at once.
func refresh(t *testing.T, ds backend.DataSourceInstanceSettings, model string, panels int) {
	t.Helper()
	var wg sync.WaitGroup
	for range panels {
		wg.Go(func() {
			response, err := plugin.Query(t.Context(), ds, over(time.Hour, model))
			if err != nil || response.Responses["A"].Error != nil {
				t.Errorf("got %v, %v", response, err)
			}
		})
	}
	wg.Wait()
}

// waitFor lets a time pass that is itself what is tested.
func waitFor(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case <-time.After(d):
	case <-t.Context().Done():
	}
}

func TestOnlyWhatIsNewIsReadAgain(t *testing.T) {
	n1 := testnats.Start(t, &server.Options{ServerName: "n1"})
	ds := datasource(t, n1.MonitorURL)
	total := `{"queryType":"stops","view":"totals","groupBy":[]}`
	closed := 0
	for _, more := range []int{100, 3, 64, 700, 1, 5000} {
		if err := testnats.FillRing(t.Context(), n1.Addr, more, testnats.LongName); err != nil {
			t.Fatal(err)
		}
		closed += more
		testnats.Until(t, fmt.Sprintf("%d stops", closed), func() bool {
			return totals(t, ask(t, ds, total))[""] == float64(closed)
		})
	}
	lost := totals(t, ask(t, ds, `{"queryType":"servers","view":"totals","metric":"records_lost"}`))
	if lost["server=n1"] != 0 {
		t.Fatalf("%v records lost, want none", lost)
	}
}

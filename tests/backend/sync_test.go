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

// dashboardOf12 is what twelve panels ask about stops.
func dashboardOf12() (panels []string) {
	for _, view := range []string{"totals", "table", "timeseries"} {
		for _, groupBy := range []string{`[]`, `["reason"]`, `["account","server"]`, `["reason","app"]`} {
			panels = append(panels, fmt.Sprintf(`{"queryType":"stops","view":%q,"groupBy":%s}`, view, groupBy))
		}
	}
	return panels
}

// refresh asks for all panels at once.
func refresh(t *testing.T, ds backend.DataSourceInstanceSettings, panels []string) {
	t.Helper()
	var wg sync.WaitGroup
	for _, model := range panels {
		wg.Go(func() {
			response, err := plugin.Query(t.Context(), ds, over(time.Hour, model))
			if err != nil || response.Responses["A"].Error != nil {
				t.Errorf("got %v, %v", response, err)
			}
		})
	}
	wg.Wait()
}

// asked is what a refresh cost the servers, by their own count.
type asked struct{ small, rings int }

// TestTwelvePanelsCostThreeSmallRequests refreshes a dashboard about full rings
// while nothing stops.
func TestTwelvePanelsCostThreeSmallRequests(t *testing.T) {
	const ring = 10_000
	servers := startProcesses(t, nil)
	var urls []string
	for _, s := range servers {
		if err := testnats.FillRing(t.Context(), s.Addr, ring, testnats.LongName); err != nil {
			t.Fatal(err)
		}
		urls = append(urls, s.MonitorURL)
	}
	every := map[string]any{"syncEvery": between.String(), "timeout": 30}
	t.Run("over HTTP", func(t *testing.T) {
		ds := with(t, datasource(t, urls...), every)
		refreshInPeace(t, ds, len(servers)*ring, asked{small: len(servers), rings: len(servers)}, func(refresh func()) (cost asked) {
			var before []requests
			for _, s := range servers {
				before = append(before, requestsTo(t, s.Server))
			}
			refresh()
			for i, s := range servers {
				after := requestsTo(t, s.Server)
				// The first of the two readings of the counters is in the second.
				cost.small += after.varz - before[i].varz - 1
				cost.rings += after.connz - before[i].connz
			}
			return cost
		})
	})
	t.Run("over NATS", func(t *testing.T) {
		ds := with(t, overNATS(t, "grafana", servers[0].ClientURL), every)
		refreshInPeace(t, ds, len(servers)*ring, asked{small: 1, rings: len(servers)}, func(refresh func()) asked {
			before := sentTo(t, servers[0].Server)
			refresh()
			sent := sentTo(t, servers[0].Server) - before
			return asked{small: min(sent, 1), rings: sent - 1}
		})
	})
}

// between is the time between two refreshes, and how long a read serves.
const between = 2 * time.Second

// refreshInPeace refreshes until every ring has had its safety read (design
// D3), which is all that may be read of it.
func refreshInPeace(t *testing.T, ds backend.DataSourceInstanceSettings, stops int, want asked, measure func(refresh func()) asked) {
	t.Helper()
	panels := dashboardOf12()
	// The second read follows the first one's findings, so that the third finds peace.
	for range 2 {
		testnats.Until(t, "all stops", func() bool { return totals(t, ask(t, ds, panels[0]))[""] == float64(stops) })
		waitFor(t, between)
	}
	started, rings, quiet := time.Now(), 0, 0
	for refreshes := 0; refreshes < 10 && (rings < want.rings || quiet == 0); refreshes++ {
		cost := measure(func() { refresh(t, ds, panels) })
		if cost.small != want.small {
			t.Errorf("%d small requests, want %d", cost.small, want.small)
		}
		if cost.rings == 0 {
			quiet++
		}
		rings += cost.rings
		waitFor(t, between)
	}
	if quiet == 0 || rings < want.rings {
		t.Errorf("%d refreshes read no ring, the others %d rings", quiet, rings)
	}
	if most := want.rings * (1 + int(time.Since(started)/(10*time.Second))); rings > most {
		t.Errorf("%d reads of rings in %v, want at most %d", rings, time.Since(started), most)
	}
}

// sentTo is how many messages our connection has sent, once the count stands
// still: a server counts a message a moment after it passed it on.
func sentTo(t *testing.T, s *testnats.Server) int {
	t.Helper()
	count := int64(-1)
	testnats.Until(t, "the count to stand still", func() bool {
		before := count
		count = s.MessagesFrom(t, "grafana-nats-connections")
		return count == before
	})
	return int(count)
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

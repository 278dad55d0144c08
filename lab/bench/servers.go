package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/natsops/nats-connections-datasource/lab/host"
)

// fakeRing is how many records a simulated server has.
const fakeRing = 1_000

// crowds are how many servers are simulated.
var crowds = []int{1, 3, 10, 100}

// fakes are servers that need not exist: they answer as a NATS server does
// where nothing stops any more.
type fakes struct {
	urls            []string
	requests, bytes atomic.Int64
	close           []func()
}

func newFakes(count int) *fakes {
	f := &fakes{}
	for i := range count {
		server := httptest.NewServer(f.server(fmt.Sprintf("n%d", i+1)))
		f.urls, f.close = append(f.urls, server.URL), append(f.close, server.Close)
	}
	return f
}

func (f *fakes) stop() {
	for _, stop := range f.close {
		stop()
	}
}

func (f *fakes) server(name string) http.Handler {
	started := time.Now().UTC().Add(-time.Hour)
	rows := make([]string, fakeRing)
	for i := range rows {
		rows[i] = fakeRow(i, started.Add(time.Hour-time.Duration(i)*time.Second))
	}
	answer := func(w http.ResponseWriter, text string) {
		f.requests.Add(1)
		f.bytes.Add(int64(len(text)))
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(text))
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/varz", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, fmt.Sprintf(`{"server_id": %q, "server_name": %q, "version": "2.15.2", "start": %q, "now": %q,
			"total_connections": %d, "connections": 0, "leafnodes": 0, "padding": %q}`,
			"ID-"+name, name, started.Format(time.RFC3339Nano), time.Now().UTC().Format(time.RFC3339Nano), fakeRing,
			strings.Repeat(".", 2000)))
	})
	mux.HandleFunc("/connz", func(w http.ResponseWriter, r *http.Request) {
		limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
		answer(w, fmt.Sprintf(`{"server_id": %q, "connections": [%s]}`, "ID-"+name, strings.Join(rows[:min(limit, fakeRing)], ",")))
	})
	return mux
}

func fakeRow(i int, stop time.Time) string {
	reason := []string{"Client Closed", "Stale Connection", "Authentication Failure", "Read Error"}[i%4]
	at := stop.Format(time.RFC3339Nano)
	return fmt.Sprintf(`{"cid": %d, "kind": "Client", "type": "nats", "ip": "10.0.0.1", "port": 30000,
		"start": %q, "last_activity": %q, "stop": %q, "reason": %q, "rtt": "350µs", "pending_bytes": 0,
		"in_msgs": 3, "out_msgs": 5, "in_bytes": 300, "out_bytes": 500, "subscriptions": 1, "name": %q, "account": "APP"}`,
		fakeRing-i, at, at, at, reason, podName(i))
}

// manyServers measures a refresh with nothing new as servers become many.
func manyServers(ctx context.Context, plugin *host.Host, rounds int) (report, error) {
	simulated := newFakes(crowds[len(crowds)-1])
	defer simulated.stop()
	t := table{
		title: "As servers become many",
		remark: fmt.Sprintf("Simulated servers with %d records each, in the process that asks; a refresh with nothing new.",
			fakeRing),
		rows: [][]string{{"Servers", "One panel", "12 panels at once", "One panel, per server", "Requests", "Bytes"}},
	}
	var works []work
	var costs []string
	for _, count := range crowds {
		g := &grafana{plugin: plugin, urls: simulated.urls[:count]}
		var err error
		if g.warm, err = g.datasource(fmt.Sprintf("crowd%d", count), stale); err != nil {
			return report{}, err
		}
		requests, bytes, err := simulated.refresh(ctx, g)
		if err != nil {
			return report{}, err
		}
		costs = append(costs, strconv.FormatInt(requests, 10), strconv.FormatInt(bytes, 10))
		works = append(works, g.refreshing(ctx, panels[:1]), g.refreshing(ctx, panels))
	}
	times, err := interleave(rounds, works...)
	if err != nil {
		return report{}, err
	}
	for i, count := range crowds {
		one, all := times[2*i], times[2*i+1]
		t.rows = append(t.rows, []string{
			strconv.Itoa(count), one.Round(10 * time.Microsecond).String(), all.Round(10 * time.Microsecond).String(),
			(one / time.Duration(count)).Round(time.Microsecond).String(), costs[2*i], costs[2*i+1],
		})
	}
	hundred, single := times[len(times)-2], times[0]
	return report{tables: []table{t}, results: []result{compareTimes(
		"growth: one panel, a server of 100 simulated ÷ the only one", hundred/time.Duration(crowds[len(crowds)-1]), single, 1, "")}}, nil
}

// refresh counts what a refresh asks of the servers: the least of several, since
// safety reads may fall into one.
func (f *fakes) refresh(ctx context.Context, g *grafana) (requests, bytes int64, err error) {
	for i := range 4 {
		if err := g.settle(ctx); err != nil {
			return 0, 0, err
		}
		requestsBefore, bytesBefore := f.requests.Load(), f.bytes.Load()
		if err := g.all(ctx, g.warm); err != nil {
			return 0, 0, err
		}
		asked, sent := f.requests.Load()-requestsBefore, f.bytes.Load()-bytesBefore
		if i == 0 || sent < bytes {
			requests, bytes = asked, sent
		}
	}
	return requests, bytes, nil
}

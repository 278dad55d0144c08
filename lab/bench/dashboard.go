package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/lab/host"
)

const (
	goalPanels    = 1.5
	goalSerial    = 0.25
	goalCLI       = 1 / 2.5
	allowedAnswer = 20_000
	// stale is when a read of the servers no longer serves the next who asks.
	stale = 50 * time.Millisecond
)

// panels are a dashboard's twelve queries.
var panels = []string{
	byReason,
	`{"queryType":"stops","view":"totals","groupBy":[]}`,
	`{"queryType":"stops","view":"totals","groupBy":["class"]}`,
	`{"queryType":"stops","view":"totals","groupBy":["server"]}`,
	`{"queryType":"stops","view":"totals","groupBy":["category"],"filters":[{"key":"class","operator":"=","values":["unexpected"]}]}`,
	`{"queryType":"stops","view":"table","groupBy":["account","reason"]}`,
	`{"queryType":"stops","view":"table","groupBy":["app"]}`,
	`{"queryType":"stops","view":"timeseries","groupBy":["reason"]}`,
	`{"queryType":"stops","view":"timeseries","groupBy":["server"]}`,
	`{"queryType":"stops","view":"records","limit":100}`,
	`{"queryType":"servers","view":"table"}`,
	`{"queryType":"servers","view":"totals","metric":"records_lost"}`,
}

// grafana asks the built plugin as Grafana does.
type grafana struct {
	plugin *host.Host
	urls   []string
	warm   backend.DataSourceInstanceSettings
}

// refreshDashboard measures the built plugin with three servers of full rings.
func refreshDashboard(ctx context.Context, rounds int) ([]result, error) {
	servers, err := startCluster(ctx)
	if err != nil {
		return nil, err
	}
	defer servers.close()
	folder, err := os.MkdirTemp("", "nats-connections")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	plugin, err := startPlugin(ctx, folder)
	if err != nil {
		return nil, err
	}
	defer plugin.Close()
	g := &grafana{plugin: plugin, urls: servers.urls()}
	if g.warm, err = g.datasource("warm", stale); err != nil {
		return nil, err
	}
	refreshed, err := g.refreshes(ctx, servers, rounds)
	if err != nil {
		return nil, err
	}
	size, err := g.answerSize(ctx)
	if err != nil {
		return nil, err
	}
	cold, err := g.cold(ctx, servers, rounds)
	return append(append(refreshed, size), cold...), err
}

func startPlugin(ctx context.Context, folder string) (*host.Host, error) {
	binary := filepath.Join(folder, "gpx_nats_connections")
	build := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-tags", "arrow_json_stdlib", "-o", binary, "./pkg")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building the plugin: %w: %s", err, output)
	}
	return host.Start(ctx, binary)
}

func (g *grafana) datasource(uid string, syncEvery time.Duration) (backend.DataSourceInstanceSettings, error) {
	raw, err := json.Marshal(map[string]any{"version": 1, "urls": g.urls, "syncEvery": syncEvery.String()})
	return backend.DataSourceInstanceSettings{
		ID: 1, UID: uid, Name: uid, JSONData: raw, Updated: time.UnixMilli(1), DecryptedSecureJSONData: map[string]string{},
	}, err
}

// ask runs one panel's query over the last hours.
func (g *grafana) ask(ctx context.Context, ds backend.DataSourceInstanceSettings, model string) (backend.DataResponse, error) {
	now := time.Now()
	response, err := g.plugin.Query(ctx, ds, backend.DataQuery{
		RefID: "A", JSON: json.RawMessage(model), Interval: time.Minute, MaxDataPoints: 1000,
		TimeRange: backend.TimeRange{From: now.Add(-6 * time.Hour), To: now.Add(time.Minute)},
	})
	if err != nil {
		return backend.DataResponse{}, err
	}
	answer := response.Responses["A"]
	return answer, answer.Error
}

// all asks every panel at once.
func (g *grafana) all(ctx context.Context) error {
	errs := make(chan error, len(panels))
	for _, panel := range panels {
		go func() {
			_, err := g.ask(ctx, g.warm, panel)
			errs <- err
		}()
	}
	var err error
	for range panels {
		err = errors.Join(err, <-errs)
	}
	return err
}

// settle waits until the last read is stale.
func (g *grafana) settle(ctx context.Context) error {
	select {
	case <-time.After(stale + 10*time.Millisecond):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// refreshes compares twelve panels at once with one, and with one after the
// other, each of which reads the counters for itself.
func (g *grafana) refreshes(ctx context.Context, servers cluster, rounds int) ([]result, error) {
	settle := func() error { return g.settle(ctx) }
	works := []work{{prepare: settle, run: func() error { return g.all(ctx) }}}
	for _, panel := range panels {
		works = append(works, work{prepare: settle, run: func() error {
			_, err := g.ask(ctx, g.warm, panel)
			return err
		}})
	}
	times, err := interleave(rounds, works...)
	if err != nil {
		return nil, err
	}
	var serial time.Duration
	for _, one := range times[1:] {
		serial += one
	}
	requests, err := g.countRequests(ctx, servers)
	if err != nil {
		return nil, err
	}
	return []result{
		compare("12 panels, 3 servers, warm: requests to NATS ÷ 3", float64(requests), clusterSize, 1, fmt.Sprintf("%d requests", requests)),
		compareTimes("12 panels at once ÷ one warm panel", times[0], times[1], goalPanels, ""),
		compareTimes("12 panels at once ÷ one after the other", times[0], serial, goalSerial, ""),
	}, nil
}

// countRequests counts what one dashboard asks of the servers: the fewest of
// three times, since the safety read of every ten seconds may fall into one.
func (g *grafana) countRequests(ctx context.Context, servers cluster) (int, error) {
	fewest := 0
	for range 3 {
		if err := g.settle(ctx); err != nil {
			return 0, err
		}
		before, err := servers.requests(ctx)
		if err != nil {
			return 0, err
		}
		if err := g.all(ctx); err != nil {
			return 0, err
		}
		after, err := servers.requests(ctx)
		if err != nil {
			return 0, err
		}
		// Of the two counts' own requests, the first is in the second count.
		if asked := after - before - clusterSize; fewest == 0 || asked < fewest {
			fewest = asked
		}
	}
	return fewest, nil
}

// answerSize is what the browser gets: Grafana sends frames as JSON.
func (g *grafana) answerSize(ctx context.Context) (result, error) {
	response, err := g.ask(ctx, g.warm, byReason)
	if err != nil {
		return result{}, err
	}
	raw, err := json.Marshal(response)
	return compare("answer to the browser, by reason, account and server ÷ 20 kB", float64(len(raw)), allowedAnswer, 1,
		fmt.Sprintf("%d bytes", len(raw))), err
}

// cold compares a first answer with natscli's report on the same servers.
func (g *grafana) cold(ctx context.Context, servers cluster, rounds int) ([]result, error) {
	cli := buildNatsCLI(ctx)
	if cli == "" {
		return nil, nil
	}
	fresh := 0
	var total float64
	first := func() error {
		fresh++
		ds, err := g.datasource(fmt.Sprintf("cold%d", fresh), time.Second)
		if err != nil {
			return err
		}
		response, err := g.ask(ctx, ds, `{"queryType":"stops","view":"totals","groupBy":[]}`)
		if err != nil {
			return err
		}
		total, err = response.Frames[0].Fields[0].FloatAt(0)
		return err
	}
	times, err := interleave(min(rounds, 5), just(first), just(func() error { return reportClosed(ctx, cli, servers[0]) }))
	if err != nil {
		return nil, err
	}
	return []result{
		compareTimes("cold answer, 3 servers ÷ natscli "+natsCLI, times[0], times[1], goalCLI, ""),
		compare("cold answer: 30,000 records ÷ records counted", clusterSize*ringSize, total, 1, fmt.Sprintf("%.0f records", total)),
	}, nil
}

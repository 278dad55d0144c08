package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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

// smallestPanel's answer is one number that takes no work to find: what it costs
// is the way there and back.
const smallestPanel = `{"queryType":"servers","view":"totals","metric":"answered","groupBy":[]}`

// grafana asks the built plugin as Grafana does.
type grafana struct {
	plugin *host.Host
	urls   []string
	warm   backend.DataSourceInstanceSettings
}

// refreshDashboard measures the built plugin: with three servers of full rings,
// and with many simulated ones.
func refreshDashboard(ctx context.Context, rounds int) (report, error) {
	folder, err := os.MkdirTemp("", "nats-connections")
	if err != nil {
		return report{}, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	plugin, err := startPlugin(ctx, folder)
	if err != nil {
		return report{}, err
	}
	defer plugin.Close()
	results, err := realServers(ctx, plugin, rounds)
	if err != nil {
		return report{}, err
	}
	many, err := manyServers(ctx, plugin, rounds)
	return report{results: append(results, many.results...), tables: many.tables}, err
}

func realServers(ctx context.Context, plugin *host.Host, rounds int) ([]result, error) {
	servers, err := startCluster(ctx)
	if err != nil {
		return nil, err
	}
	defer servers.close()
	g := &grafana{plugin: plugin, urls: servers.urls()}
	if g.warm, err = g.datasource("warm", stale); err != nil {
		return nil, err
	}
	var all []result
	for _, part := range []func(context.Context, cluster, int) ([]result, error){g.refreshes, g.answerSize, g.watched, g.cold} {
		results, err := part(ctx, servers, rounds)
		if err != nil {
			return nil, err
		}
		all = append(all, results...)
	}
	return all, nil
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

// atOnce asks panels side by side.
func (g *grafana) atOnce(ctx context.Context, ds backend.DataSourceInstanceSettings, some []string) error {
	errs := make(chan error, len(some))
	for _, panel := range some {
		go func() {
			_, err := g.ask(ctx, ds, panel)
			errs <- err
		}()
	}
	var err error
	for range some {
		err = errors.Join(err, <-errs)
	}
	return err
}

// all asks every panel at once.
func (g *grafana) all(ctx context.Context, ds backend.DataSourceInstanceSettings) error {
	return g.atOnce(ctx, ds, panels)
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
	smallest := slices.Repeat([]string{smallestPanel}, len(panels))
	works := []work{g.refreshing(ctx, panels), g.refreshing(ctx, smallest)}
	for i := range panels {
		works = append(works, g.refreshing(ctx, panels[i:i+1]))
	}
	times, err := interleave(rounds, works...)
	if err != nil {
		return nil, err
	}
	single := times[2:]
	var serial time.Duration
	for _, one := range single {
		serial += one
	}
	requests, err := g.countRequests(ctx, servers)
	if err != nil {
		return nil, err
	}
	effort, err := g.effort(ctx, servers, rounds)
	if err != nil {
		return nil, err
	}
	return []result{
		compare("12 panels, 3 servers, warm: requests to NATS ÷ 3", float64(requests), clusterSize, 1, fmt.Sprintf("%d requests", requests)),
		compareTimes("12 panels at once ÷ one warm panel", times[0], single[0], goalPanels,
			fmt.Sprintf("; twelve of the smallest panel %s%s", times[1].Round(10*time.Microsecond), effort)),
		compareTimes("12 panels at once ÷ one after the other", times[0], serial, goalSerial, ""),
	}, nil
}

// refreshing asks some panels at once when the last read is stale.
func (g *grafana) refreshing(ctx context.Context, some []string) work {
	return work{prepare: func() error { return g.settle(ctx) }, run: func() error { return g.atOnce(ctx, g.warm, some) }}
}

// effort tells where the time of twelve panels goes.
func (g *grafana) effort(ctx context.Context, servers cluster, rounds int) (string, error) {
	var plugin, asking, asked time.Duration
	for range rounds {
		if err := g.settle(ctx); err != nil {
			return "", err
		}
		plugin -= processorTimeOf(g.plugin.PID())
		asking -= processorTimeOf(os.Getpid())
		asked -= processorTimeOf(servers.pids()...)
		if err := g.all(ctx, g.warm); err != nil {
			return "", err
		}
		plugin += processorTimeOf(g.plugin.PID())
		asking += processorTimeOf(os.Getpid())
		asked += processorTimeOf(servers.pids()...)
	}
	if plugin == 0 {
		return "", nil
	}
	per := func(total time.Duration) time.Duration {
		return (total / time.Duration(rounds)).Round(100 * time.Microsecond)
	}
	return fmt.Sprintf("; processors are busy %s in the plugin, %s in who asks, %s in the servers", per(plugin), per(asking), per(asked)), nil
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
		if err := g.all(ctx, g.warm); err != nil {
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
func (g *grafana) answerSize(ctx context.Context, _ cluster, _ int) ([]result, error) {
	response, err := g.ask(ctx, g.warm, byReason)
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(response)
	return []result{compare("answer to the browser, by reason, account and server ÷ 20 kB", float64(len(raw)), allowedAnswer, 1,
		fmt.Sprintf("%d bytes", len(raw)))}, err
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

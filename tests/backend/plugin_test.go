// Package backend_test asks the built plugin over gRPC, as Grafana does, about
// real NATS servers.
package backend_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/lab/host"
	"github.com/natsops/nats-connections-datasource/lab/testnats"
)

// repository is where this repository lies, as this package sees it.
const repository = "../.."

// plugin is the built binary, running.
var plugin *host.Host

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "nats-connections")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	binary := filepath.Join(folder, "gpx_nats_connections")
	build := exec.Command("go", "build", "-buildvcs=false", "-o", binary, "../../pkg")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%s\n%v\n", output, err)
		return 1
	}
	plugin, err = host.Start(context.Background(), binary)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer plugin.Close()
	return m.Run()
}

// datasource is the settings of a data source of its own, so that no test
// sees what another one's ledger keeps.
func datasource(t *testing.T, urls ...string) backend.DataSourceInstanceSettings {
	t.Helper()
	return withJSON(t, map[string]any{"version": 1, "urls": urls, "timeout": 5, "syncEvery": "0s"})
}

// with is a data source with other settings besides.
func with(t *testing.T, settings backend.DataSourceInstanceSettings, more map[string]any) backend.DataSourceInstanceSettings {
	t.Helper()
	jsonData := map[string]any{}
	if err := json.Unmarshal(settings.JSONData, &jsonData); err != nil {
		t.Fatal(err)
	}
	maps.Copy(jsonData, more)
	changed := withJSON(t, jsonData)
	changed.DecryptedSecureJSONData = settings.DecryptedSecureJSONData
	return changed
}

func withJSON(t *testing.T, jsonData map[string]any) backend.DataSourceInstanceSettings {
	t.Helper()
	raw, err := json.Marshal(jsonData)
	if err != nil {
		t.Fatal(err)
	}
	uid := fmt.Sprintf("%x", time.Now().UnixNano())
	return backend.DataSourceInstanceSettings{
		ID: time.Now().UnixNano() % 1e9, UID: uid, Name: t.Name(), JSONData: raw,
		Updated: time.Now(), DecryptedSecureJSONData: map[string]string{},
	}
}

func over(span time.Duration, model string) backend.DataQuery {
	now := time.Now()
	return backend.DataQuery{
		RefID: "A", JSON: json.RawMessage(model), Interval: time.Minute, MaxDataPoints: 1000,
		// A little past now: a server's clock may be a moment ahead of this one.
		TimeRange: backend.TimeRange{From: now.Add(-span), To: now.Add(time.Second)},
	}
}

// ask runs one query over the last hour.
func ask(t *testing.T, settings backend.DataSourceInstanceSettings, model string) backend.DataResponse {
	t.Helper()
	return askWith(t, settings, nil, over(time.Hour, model))
}

func askWith(
	t *testing.T, settings backend.DataSourceInstanceSettings, headers map[string]string, q backend.DataQuery,
) backend.DataResponse {
	t.Helper()
	response, err := plugin.QueryWith(t.Context(), settings, headers, q)
	if err != nil {
		t.Fatal(err)
	}
	return response.Responses["A"]
}

// frame is the only frame of an answer without an error.
func frame(t *testing.T, response backend.DataResponse) *data.Frame {
	t.Helper()
	if response.Error != nil || len(response.Frames) != 1 {
		t.Fatalf("want one frame, got %d and error %v", len(response.Frames), response.Error)
	}
	return response.Frames[0]
}

// totals reads a numeric-wide frame: its labels, as "account=a,server=n1",
// with their numbers.
func totals(t *testing.T, response backend.DataResponse) map[string]float64 {
	t.Helper()
	numbers := map[string]float64{}
	for _, field := range frame(t, response).Fields {
		value, err := field.FloatAt(0)
		if err != nil {
			t.Fatal(err)
		}
		label := strings.ReplaceAll(field.Labels.String(), ", ", ",")
		if _, twice := numbers[label]; twice {
			t.Fatalf("two series have the labels %q", label)
		}
		numbers[label] = value
	}
	return numbers
}

// rows reads a table by column names.
func rows(t *testing.T, response backend.DataResponse) []map[string]any {
	t.Helper()
	table := frame(t, response)
	result := make([]map[string]any, table.Rows())
	for i := range result {
		result[i] = map[string]any{}
		for _, field := range table.Fields {
			value, _ := field.ConcreteAt(i)
			result[i][field.Name] = value
		}
	}
	return result
}

// notices are the texts of a frame's notices, joined.
func notices(t *testing.T, response backend.DataResponse) string {
	t.Helper()
	var texts []string
	for _, notice := range frame(t, response).Meta.Notices {
		texts = append(texts, notice.Text)
	}
	return strings.Join(texts, "\n")
}

func contains(t *testing.T, text, want string) {
	t.Helper()
	if !strings.Contains(text, want) {
		t.Fatalf("%q does not contain %q", text, want)
	}
}

// connz reads a server's own list as somebody without this plugin would.
func connz(t *testing.T, monitorURL, query string) []map[string]any {
	t.Helper()
	var reply struct {
		Connections []map[string]any `json:"connections"`
	}
	get(t, monitorURL+"/connz?limit=20000&"+query, &reply)
	return reply.Connections
}

// closedBy waits until the server has counted n closed client connections.
func closedBy(t *testing.T, monitorURL string, n int) {
	t.Helper()
	testnats.Until(t, fmt.Sprintf("%d closed connections", n), func() bool {
		var varz struct {
			Total int `json:"total_connections"`
			Open  int `json:"connections"`
		}
		get(t, monitorURL+"/varz", &varz)
		return varz.Open == 0 && varz.Total == n
	})
}

func get(t *testing.T, url string, into any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}

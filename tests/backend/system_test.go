package backend_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/nats-io/nats-server/v2/server"

	"github.com/natsops/nats-connections-datasource/lab/testnats"
)

// systemCluster is three servers with a system account.
func systemCluster(t *testing.T) []*testnats.Server {
	t.Helper()
	return testnats.StartCluster(t, []string{"n1", "n2", "n3"}, func() *server.Options {
		system, tenant := server.NewAccount("SYS"), server.NewAccount("orders")
		return &server.Options{
			Accounts: []*server.Account{system, tenant}, SystemAccount: "SYS",
			LameDuckDuration: time.Minute, LameDuckGracePeriod: 30 * time.Second,
			Users: []*server.User{
				{Username: "grafana", Password: "s3cret", Account: system},
				{Username: "tenant", Password: "s3cret", Account: tenant},
			},
		}
	})
}

// overNATS is a data source that asks the system account, and urls besides.
func overNATS(t *testing.T, user, at string, urls ...string) backend.DataSourceInstanceSettings {
	t.Helper()
	settings := withJSON(t, map[string]any{
		"version": 1, "urls": urls, "timeout": 5, "syncEvery": "0s",
		"nats": map[string]any{"servers": []string{at}, "auth": "user", "user": user},
	})
	settings.DecryptedSecureJSONData["natsPassword"] = "s3cret"
	return settings
}

const stopsByServer = `{"version":1,"queryType":"stops","view":"totals","groupBy":["server"]}`

func TestStopsOverNATS(t *testing.T) {
	cluster := systemCluster(t)
	for i, s := range cluster {
		for range i + 1 {
			raw, err := testnats.Dial(t.Context(), s.Addr)
			if err != nil {
				t.Fatal(err)
			}
			_ = raw.Close()
		}
	}
	want := map[string]float64{"server=n1": 1, "server=n2": 2, "server=n3": 3}
	for name, c := range map[string]struct {
		settings backend.DataSourceInstanceSettings
		health   []string
	}{
		"alone": {overNATS(t, "grafana", cluster[1].ClientURL), []string{"3 of 3 servers answered (NATS " + testnats.Version() + ")"}},
		"with HTTP": {
			overNATS(t, "grafana", cluster[2].ClientURL, cluster[0].MonitorURL, cluster[1].MonitorURL),
			[]string{"HTTP monitoring: 2 of 2 servers answered (NATS " + testnats.Version() + ")", " NATS system account: 3 of 3 servers answered (NATS " + testnats.Version() + ")"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			testnats.Until(t, "every stop", func() bool {
				response := ask(t, c.settings, stopsByServer)
				return response.Error == nil && maps.Equal(totals(t, response), want)
			})
			result, err := plugin.Health(t.Context(), c.settings)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range c.health {
				if result.Status != backend.HealthStatusOk || !strings.Contains(result.Message, want) {
					t.Errorf("health: %q, want %q", result.Message, want)
				}
			}
		})
	}
}

// TestLameDuckOverHTTP: such a server is silent on NATS, but not missing.
func TestLameDuckOverHTTP(t *testing.T) {
	cluster := systemCluster(t)
	settings := overNATS(t, "grafana", cluster[0].ClientURL, cluster[2].MonitorURL)
	const answered = `{"version":1,"queryType":"servers","view":"totals","metric":"answered","groupBy":["server"]}`
	want := map[string]float64{"server=n1": 1, "server=n2": 1, "server=n3": 1}
	all := func() bool {
		response := ask(t, settings, answered)
		return response.Error == nil && maps.Equal(totals(t, response), want)
	}
	testnats.Until(t, "three servers", all)
	alone := overNATS(t, "grafana", cluster[0].ClientURL)
	testnats.Until(t, "three servers", func() bool { return len(totals(t, ask(t, alone, answered))) == 3 })
	// Without clients it would end at once.
	client, err := testnats.Dial(t.Context(), cluster[2].Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	if _, err := client.Hello(`{"verbose":false,"user":"tenant","pass":"s3cret"}`); err != nil {
		t.Fatal(err)
	}
	cluster[2].EnterLameDuck(t)
	testnats.Until(t, "its silence on NATS", func() bool { return totals(t, ask(t, alone, answered))["server=n3"] == 0 })
	if !all() {
		t.Error("the server in lame duck mode is missing though it answers over HTTP")
	}
}

func TestNotASystemAccount(t *testing.T) {
	cluster := systemCluster(t)
	settings := overNATS(t, "tenant", cluster[0].ClientURL)
	const why = "These credentials are not of the system account."
	response := ask(t, settings, stopsByServer)
	if response.Error == nil || !strings.Contains(response.Error.Error(), why) || response.ErrorSource != backend.ErrorSourceDownstream {
		t.Errorf("query: %v", response.Error)
	}
	result, err := plugin.Health(t.Context(), settings)
	if err != nil {
		t.Fatal(err)
	}
	if result.Status != backend.HealthStatusError || !strings.Contains(result.Message, `at the step "identity": `+why) {
		t.Errorf("health: %s", result.Message)
	}
	settings = overNATS(t, "nobody", cluster[0].ClientURL)
	if result, err = plugin.Health(t.Context(), settings); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(result.Message, `at the step "connection": NATS refused these credentials.`) || strings.Contains(result.Message, "s3cret") {
		t.Errorf("health: %s", result.Message)
	}
}

// TestInspectorShowsSubjects: which requests were made is no secret.
func TestInspectorShowsSubjects(t *testing.T) {
	cluster := systemCluster(t)
	asked := frame(t, ask(t, overNATS(t, "grafana", cluster[0].ClientURL), stopsByServer)).Meta.ExecutedQueryString
	lines := strings.Split(asked, "\n")
	if !slices.Contains(lines, "n1 answered") || !slices.Contains(lines, "  $SYS.REQ.SERVER.PING.STATSZ") || strings.Contains(asked, "s3cret") {
		t.Errorf("asked:\n%s", asked)
	}
}

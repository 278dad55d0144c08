package backend_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/nats-io/nats-server/v2/server"

	"github.com/natsops/nats-connections-datasource/lab/testnats"
)

// tenantCluster is two servers with two accounts beside the system's, and the
// size of their rings.
func tenantCluster(t *testing.T) (servers []*testnats.Server, ring int) {
	t.Helper()
	servers = testnats.StartCluster(t, []string{"n1", "n2"}, func() *server.Options {
		system, orders, billing := server.NewAccount("SYS"), server.NewAccount("orders"), server.NewAccount("billing")
		opts := &server.Options{
			Accounts: []*server.Account{system, orders, billing}, SystemAccount: "SYS",
			Users: []*server.User{
				{Username: "grafana", Password: "s3cret", Account: system},
				{Username: "orders", Password: "s3cret", Account: orders},
				{Username: "billing", Password: "s3cret", Account: billing},
			},
		}
		ring = testnats.LimitRing(opts, 5)
		return opts
	})
	return servers, ring
}

// asAccount is a data source with an account's login.
func asAccount(t *testing.T, user, at string) backend.DataSourceInstanceSettings {
	t.Helper()
	settings := withJSON(t, map[string]any{
		"version": 1, "timeout": 5, "syncEvery": "0s",
		"nats": map[string]any{"servers": []string{at}, "scope": "account", "auth": "user", "user": user},
	})
	settings.DecryptedSecureJSONData["natsPassword"] = "s3cret"
	return settings
}

func visitAs(t *testing.T, s *testnats.Server, user string) {
	t.Helper()
	raw, err := testnats.Dial(t.Context(), s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = raw.Close() }()
	if answer, err := raw.Hello(`{"verbose":false,"user":"` + user + `","pass":"s3cret"}`); err != nil || answer != "PONG" {
		t.Fatalf("%q, %v", answer, err)
	}
}

const stopsByAccountAndServer = `{"version":1,"queryType":"stops","view":"totals","groupBy":["account","server"]}`

func TestTenantsSeeTheirOwnStops(t *testing.T) {
	cluster, _ := tenantCluster(t)
	visitAs(t, cluster[0], "orders")
	visitAs(t, cluster[1], "billing")
	visitAs(t, cluster[1], "billing")
	for user, want := range map[string]map[string]float64{
		"orders":  {"account=orders,server=n1": 1},
		"billing": {"account=billing,server=n2": 2},
	} {
		settings := asAccount(t, user, cluster[0].ClientURL)
		testnats.Until(t, "the stops of "+user, func() bool {
			response := ask(t, settings, stopsByAccountAndServer)
			return response.Error == nil && maps.Equal(totals(t, response), want)
		})
		for metric, servers := range map[string]int{"answered": 2, "oldest_age": 2, "open": 0, "evicted_before": 0} {
			response := ask(t, settings, `{"version":1,"queryType":"servers","view":"totals","metric":"`+metric+`","groupBy":["server"]}`)
			if got := len(frame(t, response).Fields); got != servers {
				t.Errorf("%s is told of %d servers, want %d", metric, got, servers)
			}
		}
		health, err := plugin.Health(t.Context(), settings)
		if err != nil {
			t.Fatal(err)
		}
		if health.Status != backend.HealthStatusOk || !strings.HasPrefix(health.Message, "2 of 2 servers answered (NATS "+testnats.Version()+")") ||
			!strings.Contains(health.Message, " of account "+user) {
			t.Errorf("health: %s", health.Message)
		}
	}
}

// TestTenantIsToldWhenItsRecordsWerePushedOut: by the stops of others.
func TestTenantIsToldWhenItsRecordsWerePushedOut(t *testing.T) {
	cluster, ring := tenantCluster(t)
	settings := asAccount(t, "orders", cluster[0].ClientURL)
	visitAs(t, cluster[0], "orders")
	seen := func(want float64) func() bool {
		return func() bool {
			response := ask(t, settings, `{"version":1,"queryType":"stops","view":"totals","groupBy":["server"],"filters":[{"key":"server","operator":"=","values":["n1"]}]}`)
			return response.Error == nil && totals(t, response)["server=n1"] == want
		}
	}
	testnats.Until(t, "the stop", seen(1))
	for range ring + 1 {
		visitAs(t, cluster[0], "billing")
	}
	visitAs(t, cluster[0], "orders")
	testnats.Until(t, "the other stop", seen(2))
	contains(t, notices(t, ask(t, settings, stopsByAccountAndServer)), "n1 may have lost records of stops between ")
}

func TestSystemLoginIsNoAccount(t *testing.T) {
	cluster, _ := tenantCluster(t)
	response := ask(t, asAccount(t, "grafana", cluster[0].ClientURL), stopsByAccountAndServer)
	if response.Error == nil || !strings.Contains(response.Error.Error(), "These credentials are of the system account. Set nats.scope to system") {
		t.Errorf("error: %v", response.Error)
	}
}

package backend_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/nats-io/nats-server/v2/server"

	"github.com/natsops/nats-connections-datasource/lab/testnats"
)

// broken are endpoints that answer wrongly, each with what a person is told.
var broken = map[string]struct {
	handler http.HandlerFunc
	told    string
}{
	"a proxy wants credentials": {
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }, "401",
	},
	"not NATS at all": {
		func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, `{"status":"fine"}`) }, "NATS",
	},
	"a web page": {
		func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "<html>Welcome</html>") }, "web page",
	},
	"a wrong path": {http.NotFound, "404"},
	"dies in the middle of an answer": {
		func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "10000")
			_, _ = fmt.Fprint(w, `{"server_id":`)
			panic(http.ErrAbortHandler)
		}, "",
	},
}

func TestBrokenServerCostsOneSentence(t *testing.T) {
	n1 := testnats.Start(t, &server.Options{ServerName: "n1"})
	if err := testnats.Visit(t.Context(), n1.Addr, "web-0"); err != nil {
		t.Fatal(err)
	}
	for name, test := range broken {
		t.Run(name, func(t *testing.T) {
			bad := httptest.NewServer(test.handler)
			defer bad.Close()
			checkBroken(t, n1.MonitorURL, bad.URL, test.told)
		})
	}
	t.Run("nothing listens", func(t *testing.T) {
		gone := httptest.NewServer(http.NotFoundHandler())
		gone.Close()
		checkBroken(t, n1.MonitorURL, gone.URL, "refused")
	})
	t.Run("an unknown certificate", func(t *testing.T) {
		secure := httptest.NewTLSServer(http.NotFoundHandler())
		defer secure.Close()
		checkBroken(t, n1.MonitorURL, secure.URL, "certificate")
	})
}

// checkBroken wants the good server's data with one notice, and for the broken
// one alone an error that names it.
func checkBroken(t *testing.T, good, bad, told string) {
	t.Helper()
	ds := datasource(t, good, bad)
	model := `{"queryType":"stops","view":"totals","groupBy":["server"]}`
	testnats.Until(t, "the good server's stop", func() bool {
		return maps.Equal(totals(t, ask(t, ds, model)), map[string]float64{"server=n1": 1})
	})
	host := strings.TrimPrefix(strings.TrimPrefix(bad, "http://"), "https://")
	notice := notices(t, ask(t, ds, model))
	contains(t, notice, "No answer from "+host)
	contains(t, notice, told)

	alone := ask(t, datasource(t, bad), model)
	if alone.Error == nil || alone.ErrorSource != backend.ErrorSourceDownstream {
		t.Fatalf("want a downstream error, got %v of %q", alone.Error, alone.ErrorSource)
	}
	contains(t, alone.Error.Error(), host)
	contains(t, alone.Error.Error(), told)
	if len(alone.Frames) != 1 || alone.Frames[0].Meta.ExecutedQueryString == "" {
		t.Fatal("the query inspector has nothing to show")
	}

	health, err := plugin.Health(t.Context(), ds)
	if err != nil {
		t.Fatal(err)
	}
	if health.Status != backend.HealthStatusError {
		t.Fatalf("health is %v", health.Status)
	}
	contains(t, health.Message, "1 of 2 servers answered")
	contains(t, health.Message, told)
}

func TestHealthTellsWhatItFound(t *testing.T) {
	n1 := testnats.Start(t, &server.Options{ServerName: "n1"})
	if err := testnats.Visit(t.Context(), n1.Addr, "web-0"); err != nil {
		t.Fatal(err)
	}
	closedBy(t, n1.MonitorURL, 1)
	health, err := plugin.Health(t.Context(), datasource(t, n1.MonitorURL))
	if err != nil {
		t.Fatal(err)
	}
	if health.Status != backend.HealthStatusOk {
		t.Fatalf("health is %v: %s", health.Status, health.Message)
	}
	contains(t, health.Message, "1 of 1 server answered (NATS "+testnats.Version()+"): 0 open and 1 closed connections, the oldest record from ")
	contains(t, string(health.JSONDetails), "is n1 (NATS")
}

func TestNoServerConfigured(t *testing.T) {
	ds := datasource(t)
	response := ask(t, ds, byReason)
	if response.Status != backend.StatusBadRequest {
		t.Fatalf("status %v", response.Status)
	}
	contains(t, response.Error.Error(), "add a monitoring URL, or a NATS server with a login,")
	health, err := plugin.Health(t.Context(), ds)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, health.Message, "add a monitoring URL, or a NATS server with a login,")
}

func TestBadSettingsAreToldWhereTheyShow(t *testing.T) {
	ds := withJSON(t, map[string]any{"version": 1, "urls": []string{"ftp://n1"}})
	health, err := plugin.Health(t.Context(), ds)
	if err == nil {
		contains(t, health.Message, "urls[0]")
	} else {
		contains(t, err.Error(), "urls[0]")
	}
	response := ask(t, ds, byReason)
	contains(t, response.Error.Error(), "urls[0]")
}

func TestBadQueryNamesItsField(t *testing.T) {
	ds := datasource(t, testnats.Start(t, nil).MonitorURL)
	response := ask(t, ds, `{"queryType":"stops","groupBy":["colour"]}`)
	if response.Status != backend.StatusBadRequest {
		t.Fatalf("status %v", response.Status)
	}
	contains(t, response.Error.Error(), `groupBy[0]: stops cannot be grouped by "colour"`)
}

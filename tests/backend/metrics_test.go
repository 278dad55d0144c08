package backend_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/nats-io/nats-server/v2/server"

	"github.com/natsops/nats-connections-datasource/lab/testnats"
)

// scraped is one metric of a data source as Prometheus gets it; labels stand
// around those that name the data source.
func scraped(t *testing.T, ds backend.DataSourceInstanceSettings, name, before, after string) (value float64, present bool) {
	t.Helper()
	text, err := plugin.Metrics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	line := fmt.Sprintf(`nats_connections_%s{%sdatasource=%q,datasource_uid=%q%s} `, name, before, ds.Name, ds.UID, after)
	found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(line) + `(\S+)$`).FindStringSubmatch(text)
	if found == nil {
		return 0, false
	}
	value, err = strconv.ParseFloat(found[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return value, true
}

// stopped is how many clients that left were counted.
func stopped(t *testing.T, ds backend.DataSourceInstanceSettings, class string) (float64, bool) {
	t.Helper()
	return scraped(t, ds, "stopped_total", `account="$G",class="`+class+`",`, `,reason="Client Closed",server="n1"`)
}

// visits lets clients come and go, and waits until the data source saw them all.
func visits(t *testing.T, s *testnats.Server, ds backend.DataSourceInstanceSettings, count, total int) {
	t.Helper()
	if err := testnats.FillRing(t.Context(), s.Addr, count, testnats.LongName); err != nil {
		t.Fatal(err)
	}
	testnats.Until(t, "the stops", func() bool {
		return totals(t, ask(t, ds, `{"queryType":"stops","view":"totals","groupBy":[]}`))[""] == float64(total)
	})
}

func countsOf(t *testing.T, what string, ds backend.DataSourceInstanceSettings, planned, unexpected float64) {
	t.Helper()
	gotPlanned, _ := stopped(t, ds, "planned")
	gotUnexpected, _ := stopped(t, ds, "unexpected")
	if gotPlanned != planned || gotUnexpected != unexpected {
		t.Fatalf("%s: counted %v planned and %v unexpected, want %v and %v", what, gotPlanned, gotUnexpected, planned, unexpected)
	}
}

func TestPrometheusGetsEachStopOnce(t *testing.T) {
	n1 := testnats.Start(t, &server.Options{ServerName: "n1"})
	monitor, err := url.Parse(n1.MonitorURL)
	if err != nil {
		t.Fatal(err)
	}
	ds := datasource(t, n1.MonitorURL)
	visits(t, n1, ds, 3, 3)
	if _, present := stopped(t, ds, "planned"); !present {
		t.Fatal("there is no zero to rise from")
	}
	// Whether the first look found all three already is a matter of luck.
	start, _ := stopped(t, ds, "planned")
	visits(t, n1, ds, 4, 7)
	countsOf(t, "after four more", ds, start+4, 0)

	if err := testnats.FillRing(t.Context(), n1.Addr, 2, testnats.LongName); err != nil {
		t.Fatal(err)
	}
	closedBy(t, n1.MonitorURL, 9)
	saved := withJSON(t, map[string]any{
		"version": 1, "urls": []string{n1.MonitorURL}, "syncEvery": "0s", "classOverrides": map[string]string{"Client Closed": "unexpected"},
	})
	saved.ID, saved.UID = ds.ID, ds.UID
	visits(t, n1, saved, 1, 10)
	countsOf(t, "after the settings were saved", saved, start+4, 3)

	n1.Close()
	port, err := strconv.Atoi(monitor.Port())
	if err != nil {
		t.Fatal(err)
	}
	again := testnats.Start(t, &server.Options{ServerName: "n1", HTTPPort: port})
	visits(t, again, saved, 5, 15)
	countsOf(t, "after the server restarted", saved, start+4, 8)
}

func TestBackgroundSyncFeedsPrometheus(t *testing.T) {
	n1 := testnats.Start(t, &server.Options{ServerName: "n1"})
	ds := withJSON(t, map[string]any{"version": 1, "urls": []string{n1.MonitorURL}, "syncEvery": "0s", "backgroundSync": "5s"})
	// Save & test makes the instance, but does not sync.
	if _, err := plugin.Health(t.Context(), ds); err != nil {
		t.Fatal(err)
	}
	testnats.Until(t, "the first sync", func() bool {
		_, read := scraped(t, ds, "records_lost_total", "", `,server="n1"`)
		return read
	})
	if err := testnats.FillRing(t.Context(), n1.Addr, 3, testnats.LongName); err != nil {
		t.Fatal(err)
	}
	testnats.Until(t, "the next sync", func() bool {
		counted, _ := stopped(t, ds, "planned")
		return counted == 3
	})
	for name, labels := range map[string]string{
		"sync_duration_seconds_count": `,source="http"`, "ring_reads_total": `,source="http"`, "bytes_read_total": `,source="http"`,
		"records_read_total": `,source="http"`, "servers_read_total": `,outcome="answered",source="http"`, "ledger_records": "",
	} {
		if value, _ := scraped(t, ds, name, "", labels); value == 0 {
			t.Errorf("%s is zero or missing", name)
		}
	}
	quiet := ds
	quiet.Updated, quiet.JSONData = time.Now(), []byte(`{"version":1}`)
	if _, err := plugin.Health(t.Context(), quiet); err != nil {
		t.Fatal(err)
	}
	if _, present := scraped(t, ds, "ledger_records", "", ""); present {
		t.Error("the size of a ledger that was replaced is still told")
	}
}

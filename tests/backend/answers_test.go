package backend_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/nats-io/nats-server/v2/server"

	"github.com/natsops/nats-connections-datasource/lab/testnats"
)

const byReason = `{"queryType":"stops","view":"totals","groupBy":["reason"]}`

func TestEmptyRingIsZeroNotNoData(t *testing.T) {
	ds := datasource(t, testnats.Start(t, nil).MonitorURL)
	if got := totals(t, ask(t, ds, byReason)); !maps.Equal(got, map[string]float64{"": 0}) {
		t.Fatalf("want one 0 without labels, got %v", got)
	}
	named := `{"queryType":"stops","view":"totals","groupBy":["reason","server"],"filters":[
		{"key":"reason","operator":"=|","values":["Slow Consumer (Pending Bytes)","Slow Consumer (Write Deadline)"]}]}`
	want := map[string]float64{"reason=Slow Consumer (Pending Bytes)": 0, "reason=Slow Consumer (Write Deadline)": 0}
	if got := totals(t, ask(t, ds, named)); !maps.Equal(got, want) {
		t.Fatalf("want a 0 for each named reason, got %v", got)
	}
	series := frame(t, ask(t, ds, `{"queryType":"stops","view":"timeseries"}`))
	if len(series.Fields) != 2 || series.Rows() < 60 {
		t.Fatalf("want zeros for an hour of minutes, got %d fields of %d rows", len(series.Fields), series.Rows())
	}
}

func TestFullRingIsReadWhole(t *testing.T) {
	const ring = 10_000
	n1 := testnats.Start(t, nil)
	if err := testnats.FillRing(t.Context(), n1.Addr, ring+250, testnats.LongName); err != nil {
		t.Fatal(err)
	}
	ds := datasource(t, n1.MonitorURL)
	closed := `{"queryType":"stops","view":"totals","groupBy":[]}`
	testnats.Until(t, "a full ring", func() bool { return totals(t, ask(t, ds, closed))[""] >= ring })
	evicted := totals(t, ask(t, ds, `{"queryType":"servers","view":"totals","metric":"evicted_before","groupBy":[]}`))[""]
	kept := totals(t, ask(t, ds, closed))[""]
	if kept+evicted != ring+250 {
		t.Fatalf("%v kept and %v evicted are not %d", kept, evicted, ring+250)
	}
	response := ask(t, ds, `{"queryType":"stops","view":"records","limit":20000}`)
	if got := frame(t, response).Rows(); got != int(kept) {
		t.Fatalf("%d rows, want %v", got, kept)
	}
	contains(t, notices(t, response), fmt.Sprintf("%v older stops had already left its ring", evicted))
	limited := ask(t, ds, `{"queryType":"stops","view":"records"}`)
	contains(t, notices(t, limited), fmt.Sprintf("Showing 1000 of %v stops", kept))
}

func TestOverflowBetweenReadsIsToldWithItsSize(t *testing.T) {
	opts := &server.Options{ServerName: "n1"}
	ring := testnats.LimitRing(opts, 20)
	n1 := testnats.Start(t, opts)
	ds := datasource(t, n1.MonitorURL)
	lost := func() float64 {
		return totals(t, ask(t, ds, `{"queryType":"servers","view":"totals","metric":"records_lost"}`))["server=n1"]
	}
	total := `{"queryType":"stops","view":"totals","groupBy":[]}`
	fill := func(n int) {
		if err := testnats.FillRing(t.Context(), n1.Addr, n, testnats.LongName); err != nil {
			t.Fatal(err)
		}
	}
	if got := totals(t, ask(t, ds, total))[""]; got != 0 {
		t.Fatalf("%v stops before the first", got)
	}
	// A record is written a moment after its stop is counted, so a read may see
	// one that the ring drops at once: what is kept and what is lost add up.
	for _, closed := range []int{ring + 55, 2*ring + 56} {
		fill(closed - int(totals(t, ask(t, ds, total))[""]+lost()))
		closedBy(t, n1.MonitorURL, closed)
		testnats.Until(t, "every stop kept or told as lost", func() bool {
			kept := totals(t, ask(t, ds, total))[""]
			return kept >= float64(ring) && kept+lost() == float64(closed)
		})
	}
	told := notices(t, ask(t, ds, byReason))
	contains(t, told, "n1 lost the records of ")
	contains(t, told, "more stopped than its ring holds.")
}

func TestOneServerDown(t *testing.T) {
	n1 := testnats.Start(t, &server.Options{ServerName: "n1"})
	n2 := testnats.Start(t, &server.Options{ServerName: "n2"})
	for _, s := range []*testnats.Server{n1, n2} {
		if err := testnats.Visit(t.Context(), s.Addr, "web-0"); err != nil {
			t.Fatal(err)
		}
	}
	ds := datasource(t, n1.MonitorURL, n2.MonitorURL)
	byServer := `{"queryType":"stops","view":"totals","groupBy":["server"]}`
	both := map[string]float64{"server=n1": 1, "server=n2": 1}
	testnats.Until(t, "a stop on each server", func() bool { return maps.Equal(totals(t, ask(t, ds, byServer)), both) })
	n2.Close()
	response := ask(t, ds, byServer)
	if got := totals(t, response); !maps.Equal(got, both) {
		t.Fatalf("what was read before stays, got %v", got)
	}
	contains(t, notices(t, response), "No answer from n2 at ")
	past := over(time.Hour, byServer)
	past.TimeRange.From, past.TimeRange.To = past.TimeRange.From.Add(-time.Hour), past.TimeRange.From
	if got := totals(t, askWith(t, ds, nil, past)); !maps.Equal(got, map[string]float64{"server=n1": 0}) {
		t.Fatalf("a dead server's zero would be false, got %v", got)
	}
	answered := ask(t, ds, `{"queryType":"servers","view":"totals","metric":"answered"}`)
	if got := totals(t, answered); !maps.Equal(got, map[string]float64{"server=n1": 1, "server=n2": 0}) {
		t.Fatalf("got %v", got)
	}
}

func TestOpenConnections(t *testing.T) {
	n1 := testnats.Start(t, &server.Options{ServerName: "n1"})
	ds := datasource(t, n1.MonitorURL)
	table := `{"queryType":"connections","view":"records","sort":{"by":"subscriptions","desc":true}}`
	for i, name := range []string{"api-0", "api-1"} {
		client, err := testnats.Dial(t.Context(), n1.Addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = client.Close() })
		if _, err := client.Hello(fmt.Sprintf(`{"name":%q,"lang":"go","version":"1"}`, name)); err != nil {
			t.Fatal(err)
		}
		for sub := range i + 1 {
			if _, err := fmt.Fprintf(client, "SUB a.%d %d\r\n", sub, sub); err != nil {
				t.Fatal(err)
			}
		}
		testnats.Until(t, "the subscription", func() bool {
			found := rows(t, ask(t, ds, table))
			return len(found) == i+1 && found[0]["subscriptions"] == int64(i+1)
		})
	}
	found := rows(t, ask(t, ds, table))
	if found[0]["name"] != "api-1" || found[1]["name"] != "api-0" || found[0]["app"] != "api" || found[0]["account"] != "$G" {
		t.Fatalf("got %v", found)
	}
	if got := totals(t, ask(t, ds, `{"queryType":"connections","view":"totals","groupBy":["app"]}`)); got["app=api"] != 2 {
		t.Fatalf("got %v", got)
	}
}

func TestUnknownAccountIsZero(t *testing.T) {
	ds := datasource(t, testnats.Start(t, nil).MonitorURL)
	model := `{"queryType":"stops","view":"totals","groupBy":["account"],"filters":[{"key":"account","operator":"=","values":["nobody"]}]}`
	if got := totals(t, ask(t, ds, model)); !maps.Equal(got, map[string]float64{"account=nobody": 0}) {
		t.Fatalf("got %v", got)
	}
}

func TestAlertsGetOneNumberAndFinishedBuckets(t *testing.T) {
	n1 := testnats.Start(t, &server.Options{ServerName: "n1"})
	if err := testnats.Visit(t.Context(), n1.Addr, "web-0"); err != nil {
		t.Fatal(err)
	}
	ds := datasource(t, n1.MonitorURL)
	alert := map[string]string{"FromAlert": "true"}
	table := frame(t, askWith(t, ds, alert, over(time.Hour, `{"queryType":"stops","view":"table","groupBy":["reason","server"]}`)))
	if len(table.Fields) != 3 || table.Fields[2].Name != "stops" {
		t.Fatalf("want reason, server and stops alone, got %d fields", len(table.Fields))
	}
	q := over(time.Hour, `{"queryType":"stops","view":"timeseries","interval":"1m"}`)
	series := frame(t, askWith(t, ds, alert, q))
	last := series.Fields[0].At(series.Rows() - 1).(time.Time)
	if last.Add(time.Minute).After(q.TimeRange.To) {
		t.Fatalf("the last bucket begins at %v and is not finished at %v", last, q.TimeRange.To)
	}
	if series.Meta.Type != data.FrameTypeTimeSeriesWide {
		t.Fatalf("type %q", series.Meta.Type)
	}
}

package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

const stopsBeyond = 10_000

// longAgo is a data source that keeps a thousand stops in memory, of ten thousand that
// were written to a stream, half of them for each of two reasons.
func longAgo(t *testing.T) (d *Datasource, stream *testnats.Server, ring *testledger.Ring) {
	t.Helper()
	stream = testnats.StartWithStreams(t, nil)
	d = made(t, newProcess(t), map[string]any{
		"urls": []string{"http://n1:8222"}, "syncEvery": "0s",
		"history": map[string]any{"servers": []string{stream.ClientURL}, "auth": "none", "create": true},
	})
	ring = testledger.NewRing("ID1", "n1", 1000)
	ring.Start = time.Now().Add(-3 * time.Hour).UTC().Truncate(time.Minute)
	ring.Now = ring.Start
	m := memoryOf(t, d)
	m.ledger.SetLimits(ledger.Limits{Age: 10 * time.Minute, Count: 1000})
	m.reads.ReadFrom(readings(func(source.Request) []model.Reading { return []model.Reading{ring.Read()} }))
	m.history.Await(t.Context())
	for ring.Total() < stopsBeyond {
		ring.CloseAs(250, "Client", "Client Closed")
		ring.CloseAs(250, "Client", "Stale Connection")
		m.ledger.Merge([]model.Reading{ring.Read()})
	}
	testnats.Until(t, "what waits to be written", func() bool { return m.history.State().Waiting == 0 })
	return d, stream, ring
}

// over asks one query over all the time of a server.
func over(t *testing.T, d *Datasource, ring *testledger.Ring, alert bool, query string) backend.DataResponse {
	t.Helper()
	req := &backend.QueryDataRequest{Headers: map[string]string{}, Queries: []backend.DataQuery{{
		RefID: "A", JSON: json.RawMessage(query), Interval: 10 * time.Minute, MaxDataPoints: 1000,
		TimeRange: backend.TimeRange{From: ring.Start, To: ring.Now.Add(time.Second)},
	}}}
	if alert {
		req.Headers[backend.FromAlertHeaderName] = "true"
	}
	response, err := d.QueryData(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	return response.Responses["A"]
}

func sentences(frame *data.Frame) string {
	var all []string
	if frame.Meta != nil {
		for _, notice := range frame.Meta.Notices {
			all = append(all, notice.Text)
		}
	}
	return strings.Join(all, "\n")
}

// TestEachViewCountsWhatIsNotInMemory, and says nothing of what would be missing.
func TestEachViewCountsWhatIsNotInMemory(t *testing.T) {
	d, _, ring := longAgo(t)
	const half = float64(stopsBeyond / 2)
	sum := func(of *data.Field) (total float64) {
		for i := range of.Len() {
			number, err := of.FloatAt(i)
			if err != nil {
				t.Fatal(err)
			}
			total += number
		}
		return total
	}
	for name, test := range map[string]struct {
		query string
		alert bool
		check func(*data.Frame) string
	}{
		"totals": {`{"queryType":"stops","view":"totals"}`, false, func(f *data.Frame) string { return fmt.Sprint(sum(f.Fields[0]), sum(f.Fields[1])) }},
		"totals of a rule": {`{"queryType":"stops","view":"totals"}`, true, func(f *data.Frame) string {
			return fmt.Sprint(sum(f.Fields[0]), sum(f.Fields[1]))
		}},
		"series": {`{"queryType":"stops","view":"timeseries"}`, false, func(f *data.Frame) string { return fmt.Sprint(sum(f.Fields[1]), sum(f.Fields[2])) }},
		"table": {`{"queryType":"stops","view":"table"}`, false, func(f *data.Frame) string {
			field, _ := f.FieldByName("stops")
			one, err := field.FloatAt(0)
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(one, sum(field)-one)
		}},
		"records": {`{"queryType":"stops","view":"records","limit":20000}`, false, func(f *data.Frame) string { return reasonsIn(t, f, "reason") }},
		"records by pending bytes": {`{"queryType":"stops","view":"records","limit":20000,"sort":{"by":"pending_bytes","desc":true}}`, false,
			func(f *data.Frame) string { return reasonsIn(t, f, "reason") }},
		"logs": {`{"queryType":"stops","view":"logs","limit":20000}`, false, func(f *data.Frame) string {
			return fmt.Sprint(f.Rows()/2, f.Rows()-f.Rows()/2)
		}},
		"filtered": {`{"queryType":"stops","view":"totals","groupBy":["server"],"filters":[{"key":"reason","operator":"=","values":["Client Closed"]}]}`, false,
			func(f *data.Frame) string { return fmt.Sprint(sum(f.Fields[0]), sum(f.Fields[0])) }},
	} {
		answered := over(t, d, ring, test.alert, test.query)
		if answered.Error != nil {
			t.Errorf("%s: %v", name, answered.Error)
			continue
		}
		if got, want := test.check(answered.Frames[0]), fmt.Sprint(half, half); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		if text := sentences(answered.Frames[0]); text != "" {
			t.Errorf("%s says %q", name, text)
		}
	}
	few := over(t, d, ring, false, `{"queryType":"stops","view":"records","limit":100}`).Frames[0]
	if text := sentences(few); few.Rows() != 100 || !strings.Contains(text, "Showing 100 of 10,000 stops") {
		t.Errorf("%d rows, and %q", few.Rows(), text)
	}
}

func reasonsIn(t *testing.T, f *data.Frame, column string) string {
	t.Helper()
	counts := map[any]int{}
	field, _ := f.FieldByName(column)
	for i := range field.Len() {
		counts[field.At(i)]++
	}
	return fmt.Sprint(counts["Client Closed"], counts["Stale Connection"])
}

// TestWhatTheHistoryLacksBeyondMemoryIsTold, and what of it cannot be read.
func TestWhatTheHistoryLacksBeyondMemoryIsTold(t *testing.T) {
	d, server, ring := longAgo(t)
	const totals = `{"queryType":"stops","view":"totals","groupBy":[]}`
	js := server.Streams(t)
	stream, err := js.Stream(t.Context(), "NATS_CONNECTIONS")
	if err != nil {
		t.Fatal(err)
	}
	second, err := stream.GetMsg(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	lost := int64(strings.Count(string(second.Data), `{"cid":`))
	if err := stream.DeleteMsg(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if _, err := js.Publish(t.Context(), "nats.connections.ID1", []byte("nonsense")); err != nil {
		t.Fatal(err)
	}
	frame := over(t, d, ring, false, totals).Frames[0]
	got, text := frame.Fields[0].At(0), sentences(frame)
	want := stopsBeyond - lost
	if got != want || !strings.Contains(text, fmt.Sprintf("The history lacks %d records of n1", lost)) ||
		!strings.Contains(text, "1 block is left out, which cannot be read") {
		t.Errorf("%v stops, want %d, and %q", got, want, text)
	}
	// A rule gets no number that is counted in part.
	server.Close()
	testnats.Until(t, "a rule to get an error", func() bool {
		answered := over(t, d, ring, true, totals)
		return answered.Error != nil && strings.Contains(answered.Error.Error(), "could not be read from the history")
	})
	frame = over(t, d, ring, false, totals).Frames[0]
	if got, text := frame.Fields[0].At(0), sentences(frame); got == want || !strings.Contains(text, "could not be read from the history") ||
		!strings.Contains(text, "n1 is kept only since") {
		t.Errorf("%v stops, and %q", got, text)
	}
}

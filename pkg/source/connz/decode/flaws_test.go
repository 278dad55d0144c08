package decode

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// TestOneOddValueCostsItself: the record stays, and so do the others.
func TestOneOddValueCostsItself(t *testing.T) {
	for member, field := range map[string]string{
		`"in_bytes":18446744073709551615`: "in_bytes",
		`"in_bytes":-9223372036854775809`: "in_bytes",
		`"out_msgs":1.5`:                  "out_msgs",
		`"port":"4222"`:                   "port",
		`"rtt":"soon"`:                    "rtt",
		`"stop":""`:                       "stop",
		`"start":"2026-02-30T00:00:00Z"`:  "start",
		`"name":{"first":["a"]}`:          "name",
		`"reason":7`:                      "reason",
		`"last_activity":false`:           "last_activity",
	} {
		body := `{"connections":[{"cid":1,"name":"a"},{"cid":2,` + member + `,"lang":"go"},{"cid":3,"name":"c"}]}`
		got, err := List([]byte(body), modern)
		if err != nil || len(got.Rows) != 3 || got.Rows[1].Lang != "go" || got.Rows[2].Name != "c" {
			t.Errorf("%s: %+v, %v", member, got.Rows, err)
		}
		if want := []model.Flaw{{Field: field, Count: 1}}; !reflect.DeepEqual(got.Flaws.Counts(), want) {
			t.Errorf("%s: told %v", member, got.Flaws.Counts())
		}
	}
}

func TestWholeNumbersWrittenOtherwise(t *testing.T) {
	got, err := List([]byte(`{"connections":[{"cid":1e0,"in_bytes":1000000000000000.0,"out_bytes":-1E+3,"out_msgs":-9223372036854775808}]}`), modern)
	if err != nil || got.Flaws != nil {
		t.Fatalf("%+v, %v", got.Flaws, err)
	}
	if c := got.Rows[0]; c.CID != 1 || c.InBytes != 1e15 || c.OutBytes != -1000 || c.OutMsgs != -1<<63 {
		t.Errorf("got %+v", c)
	}
}

// TestOddRecordCostsItself: without a cid nothing tells it from others.
func TestOddRecordCostsItself(t *testing.T) {
	got, err := List([]byte(`{"connections":[{"cid":1},{},{"cid":-2},7,null,[{"cid":9}],{"cid":3}]}`), modern)
	if err != nil || len(got.Rows) != 2 || got.Rows[0].CID != 1 || got.Rows[1].CID != 3 {
		t.Fatalf("%+v, %v", got.Rows, err)
	}
	if want := []model.Flaw{{Field: Record, Count: 5}}; !reflect.DeepEqual(got.Flaws.Counts(), want) {
		t.Errorf("told %v, want %v", got.Flaws.Counts(), want)
	}
}

// TestRecordsOfSeveralPagesAreToldOnce.
func TestRecordsOfSeveralPagesAreToldOnce(t *testing.T) {
	var all Flaws
	all.Learn(Flaws{0: {Record}, 1: {"port"}, 2: {"port"}})
	all.Learn(Flaws{0: {Record}, 2: {"port"}, 3: {"rtt"}})
	want := []model.Flaw{{Field: Record, Count: 1}, {Field: "port", Count: 2}, {Field: "rtt", Count: 1}}
	if got := all.Counts(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestLongTextsAreCutAndToldApart(t *testing.T) {
	long := strings.Repeat("<é", 2000)
	one, other := Text([]byte(long+"1")), Text([]byte(long+"2"))
	if one == other || len(one) > MaxText+len("…")+2*sumSize || !strings.HasPrefix(long, one[:MaxText-3]) {
		t.Errorf("%d bytes: %s and %s", len(one), one, other)
	}
	if strings.ContainsRune(one, '\uFFFD') {
		t.Errorf("a character was cut in the middle: %s", one)
	}
	if again := Text([]byte(one)); again != one {
		t.Errorf("what was kept is cut again: %s", again)
	}
	if whole := strings.Repeat("x", MaxText); Text([]byte(whole)) != whole {
		t.Error("what fits was cut")
	}
	body := `{"connections":[{"cid":1,"name":"` + long + `","authorized_user":"` + long + `","mqtt_client":"` + long + `"}]}`
	got, err := List([]byte(body), modern)
	if err != nil {
		t.Fatal(err)
	}
	c := got.Rows[0]
	for _, text := range []string{c.Name, c.User, c.MQTTClient} {
		if text != Text([]byte(long)) {
			t.Errorf("kept %d bytes", len(text))
		}
	}
}

func TestVarz(t *testing.T) {
	server, flaws, err := Varz([]byte(`{"server_id":"NA","server_name":"n1","version":"2.15.2","now":"2026-11-25T18:02:52.5+01:00",
		"max_connections":65536,"max_pending":67108864,"max_payload":1048576,"max_control_line":4096,
		"start":"2026-11-25T16:00:00Z","cluster":{"name":"eu","urls":["a"]},"connections":2,"total_connections":5,"leafnodes":1,
		"slow_consumers":3,"slow_consumer_stats":{"clients":2,"routes":9,"leafs":1},"stale_connections":4,"stale_connection_stats":{"clients":4}}`))
	want := model.Server{
		ID: "NA", Name: "n1", Version: "2.15.2", Cluster: "eu", Open: 2, Total: 5,
		Now: time.Date(2026, 11, 25, 17, 2, 52, 5e8, time.UTC), Start: time.Date(2026, 11, 25, 16, 0, 0, 0, time.UTC),
		Limits:   model.Limits{MaxConnections: 65536, MaxPending: 1 << 26, MaxPayload: 1 << 20, MaxControlLine: 4096},
		Counters: model.Counters{Total: 5, Open: 2, Leafnodes: 1, SlowConsumers: 3, SlowClients: 2, SlowLeafnodes: 1, SlowRoutes: 9, Stale: 4, StaleClients: 4},
	}
	if err != nil || flaws != nil || server != want {
		t.Errorf("got  %+v, %v, %v\nwant %+v", server, flaws, err, want)
	}
}

// TestOddCounters: without those of connections nothing can be reckoned.
func TestOddCounters(t *testing.T) {
	for body, uncounted := range map[string]bool{
		`"total_connections":"5"`:     true,
		`"connections":1.5`:           true,
		`"leafnodes":[]`:              false,
		`"slow_consumer_stats":"few"`: false,
		`"start":"yesterday"`:         false,
	} {
		server, flaws, err := Varz([]byte(`{"server_id":"NA",` + body + `,"version":"2.15.2"}`))
		if err != nil || server.ID != "NA" || server.Version != "2.15.2" || server.Uncounted != uncounted || len(flaws.Counts()) != 1 {
			t.Errorf("%s: %+v, %v, %v", body, server, flaws, err)
		}
		server, _, flaws, err = Statsz([]byte(`{"server":{"id":"NA","name":"n1"},"statsz":{` + body + `}}`))
		if err != nil || server.ID != "NA" || server.Uncounted != uncounted || len(flaws.Counts()) != 1 {
			t.Errorf("statsz %s: %+v, %v, %v", body, server, flaws, err)
		}
	}
}

package decode

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

var modern = model.Server{ID: "NA", Version: "2.15.2"}

// fullRecord has every member that servers are known to write.
const fullRecord = `{
  "server_id": "NA", "now": "2026-11-22T12:58:40Z", "num_connections": 1, "total": 1, "offset": 0, "limit": 1024,
  "connections": [
    {
      "cid": 18446744073709551615,
      "kind": "Client",
      "type": "mqtt",
      "ip": "::1",
      "port": 51756,
      "start": "2026-11-22T07:57:40.5-05:00",
      "last_activity": "2026-11-22T12:57:41Z",
      "stop": "2026-11-22T07:57:46.985761408-05:00",
      "reason": "Slow Consumer (Pending Bytes)",
      "rtt": "1.329479ms",
      "uptime": "1y2d3h4m5s",
      "idle": "0s",
      "pending_bytes": 199440,
      "in_msgs": 1, "out_msgs": 2, "in_bytes": 3, "out_bytes": 4, "stalls": 5,
      "subscriptions": 6,
      "name": "a \"quoted\" \\ \u003cb\u003e é",
      "lang": "go",
      "version": "1.55.0",
      "tls_version": "1.3",
      "tls_cipher_suite": "TLS_AES_128_GCM_SHA256",
      "tls_peer_certs": [{"subject": "CN=secret-cert", "cert_sha256": "secret-cert"}],
      "tls_first": true,
      "authorized_user": "ann",
      "account": "AKEY",
      "subscriptions_list": ["a", "b"],
      "jwt": "secret-jwt",
      "issuer_key": "secret-issuer",
      "name_tag": "Orders",
      "tags": ["secret-tag"],
      "mqtt_client": "m1",
      "proxy": {"key": "secret-proxy"}
    }
  ]
}`

func TestDecodesEveryMember(t *testing.T) {
	got, err := List([]byte(fullRecord), modern)
	if err != nil {
		t.Fatal(err)
	}
	want := model.Stop{
		Reason: "Slow Consumer (Pending Bytes)",
		At:     time.Date(2026, 11, 22, 12, 57, 46, 985761408, time.UTC),
		Connection: model.Connection{
			ServerID: "NA", CID: 18446744073709551615, Account: "Orders", AccountID: "AKEY", User: "ann",
			Name: `a "quoted" \ <b> é`, Profile: model.Profile{Kind: "Client", Type: "mqtt", Lang: "go", Version: "1.55.0", TLSVersion: "1.3", TLSCipher: "TLS_AES_128_GCM_SHA256"},
			IP: "::1", Port: 51756, MQTTClient: "m1",
			Start:        time.Date(2026, 11, 22, 12, 57, 40, 500_000_000, time.UTC),
			LastActivity: time.Date(2026, 11, 22, 12, 57, 41, 0, time.UTC),
			RTT:          1329479 * time.Nanosecond, PendingBytes: 199440,
			InMsgs: 1, OutMsgs: 2, InBytes: 3, OutBytes: 4, Subscriptions: 6,
		},
	}
	if got.ServerID != "NA" || len(got.Rows) != 1 || !reflect.DeepEqual(got.Rows[0], want) {
		t.Errorf("got  %+v\nwant %+v", got.Rows, want)
	}
}

func TestDecodesWhatIsNotThere(t *testing.T) {
	for name, body := range map[string]string{
		"null list":          `{"server_id":"","connections":null,"total":0}`,
		"no count":           `{"connections":null}`,
		"empty list":         `{"connections":[],"server_id":"NA"}`,
		"count that is lies": `{"num_connections":9999999999999,"connections":[]}`,
	} {
		got, err := List([]byte(body), modern)
		// Asked for and empty is not nil.
		if err != nil || got.Rows == nil || len(got.Rows) != 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	got, err := List([]byte(`{"connections":[{"cid":1},{"cid":2,"name":null,"rtt":"","tags":null}]}`), modern)
	if err != nil || len(got.Rows) != 2 || got.Rows[1].CID != 2 || got.Rows[0].Account != model.GlobalAccount || got.Flaws != nil {
		t.Errorf("sparse records: %+v, %v", got, err)
	}
}

// TestMembersInAnyOrder: what was learnt of one record must not be taken for
// granted in the next.
func TestMembersInAnyOrder(t *testing.T) {
	body := `{"connections":[
	{"cid":1,"name":"a","lang":"go"},
	{"name":"b","cid":2},
	{"cid":3,"lang":"py"},
	{"cid":4,"name":"a","lang":"go","extra":{"name":"no"}},
	{"cid":5},
	{"lang":"go", "cid" : 6 }]}`
	got, err := List([]byte(body), modern)
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, row := range got.Rows {
		rows = append(rows, strings.Join([]string{string(rune('0' + row.CID)), row.Name, row.Lang}, " "))
	}
	if want := []string{"1 a go", "2 b ", "3  py", "4 a go", "5  ", "6  go"}; !reflect.DeepEqual(rows, want) {
		t.Errorf("got %q, want %q", rows, want)
	}
}

// TestTimesOfSeveralDays follow each other in one list.
func TestTimesOfSeveralDays(t *testing.T) {
	texts := []string{
		"2026-11-22T23:59:59.999999999Z", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00.5Z", "2026-11-23T23:59:59Z",
		"2026-11-23T23:59:59+01:00", "2026-11-23T00:00:00.123+01:00", "2026-11-23T00:00:00.123-11:30", "2026-11-23T12:00:00Z",
	}
	flawed := []string{"2026-11-23T24:00:00Z", "2026-11-23T12:60:00Z", "2026-11-23T12:00:60Z", "2026-11-23T1a:00:00Z", "2026-11-23T12:00:00.Z", "2026-11-23T12:00:00", ""}
	for i, text := range texts {
		for _, next := range slices.Concat(flawed, texts) {
			body := fmt.Appendf(nil, `{"connections":[{"cid":1,"start":%q,"last_activity":%q,"stop":%q}]}`, text, next, texts[len(texts)-1-i])
			compare(t, body)
		}
	}
}

func TestRefusesWhatIsNoAnswer(t *testing.T) {
	for _, body := range []string{
		``, ` `, `null`, `[]`, `"x"`, `{`, `{}`, `{"connections":[]} x`, `{"connections":{}}`,
		`{"connections":[{"x":` + strings.Repeat("[", 100) + `]}`, `{"connections":[{"cid":1,"name":x}]}`,
		`{"connections":[{"name":"a}]}`, `{"connections":[{"name":"a\`, `{"connections":[{"cid":1,}]}`, `{"connections":[{"cid":1}`,
	} {
		if got, err := List([]byte(body), modern); err == nil {
			t.Errorf("%s was taken for %+v", body, got)
		}
	}
}

// TestVersionsMeanDifferentThings: nats-server changed what two members hold.
func TestVersionsMeanDifferentThings(t *testing.T) {
	const global = `{"connections":[{"cid":1,"authorized_user":"t0ken","name_tag":"N"}]}`
	const named = `{"connections":[{"cid":1,"authorized_user":"ann","account":"AKEY","name_tag":"N"}]}`
	for version, want := range map[string]struct{ user, account string }{
		"2.9.25": {redacted, "AKEY"}, "2.10.27": {redacted, "AKEY"}, "2.10.28": {"t0ken", "AKEY"},
		"2.11.0": {redacted, "N"}, "2.11.1": {redacted, "N"}, "2.11.2": {"t0ken", "N"},
		"2.15.0-dev": {"t0ken", "N"}, "2.10.28-RC.1": {redacted, "AKEY"}, "": {redacted, "AKEY"},
	} {
		server := model.Server{ID: "NA", Version: version}
		one, err := List([]byte(global), server)
		if err != nil || one.Rows[0].User != want.user || one.Rows[0].AccountID != model.GlobalAccount {
			t.Errorf("%q: %+v, %v", version, one.Rows, err)
		}
		two, err := List([]byte(named), server)
		if err != nil || two.Rows[0].User != "ann" || two.Rows[0].Account != want.account || two.Rows[0].AccountID != "AKEY" {
			t.Errorf("%q: %+v, %v", version, two.Rows, err)
		}
	}
}

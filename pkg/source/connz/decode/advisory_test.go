package decode

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// ofEOF is one as nats-server 2.15.1 publishes it, with what must not be kept.
const ofEOF = `{"type":"io.nats.server.advisory.v1.client_disconnect","id":"B9iQ","timestamp":"2026-11-22T12:58:40.017136915Z",
"server":{"name":"s1","host":"127.0.0.1","id":"ND3D","cluster":"c","ver":"2.15.1","feature_flags":{"x":true},"jetstream":true,"flags":7,"seq":21,"time":"2026-11-22T12:58:40.01714Z"},
"client":{"start":"2026-11-22T13:58:39+01:00","host":"127.0.0.1","id":9,"acc":"ACCKEY","user":"a","name":"eof","lang":"py","ver":"0.1","rtt":565000,
"stop":"2026-11-22T13:58:40.017136915+01:00","jwt":"eyJhbG","issuer_key":"AISSUER","tags":["t"],"name_tag":"A","kind":"Client","client_type":"mqtt","client_id":"m-1"},
"sent":{"msgs":3,"bytes":4},"received":{"msgs":5,"bytes":6},"reason":"Client Closed"}`

func TestAnAdvisoryIsARecord(t *testing.T) {
	server, stop, err := Advisory([]byte(ofEOF))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 22, 12, 58, 40, 17_136_915, time.UTC)
	want := model.Stop{
		Connection: model.Connection{
			ServerID: "ND3D", CID: 9, Account: "A", AccountID: "ACCKEY", User: "a", Name: "eof", MQTTClient: "m-1", IP: "127.0.0.1",
			Profile: model.Profile{Kind: "Client", Type: "mqtt", Lang: "py", Version: "0.1"},
			Start:   time.Date(2026, 11, 22, 12, 58, 39, 0, time.UTC), RTT: 565 * time.Microsecond, InMsgs: 3, InBytes: 4, OutMsgs: 5, OutBytes: 6,
		},
		Reason: "Client Closed", At: at, ServerAt: at,
	}
	stop.At, stop.ServerAt, stop.Start = stop.At.UTC(), stop.ServerAt.UTC(), stop.Start.UTC()
	if !reflect.DeepEqual(stop, want) {
		t.Errorf("%+v, want\n%+v", stop, want)
	}
	if server.ID != "ND3D" || server.Name != "s1" || server.Cluster != "c" || server.Version != "2.15.1" {
		t.Errorf("%+v", server)
	}
}

// TestAnAdvisoryHoldsSecrets as records do, on servers that are as old.
func TestAnAdvisoryHoldsSecrets(t *testing.T) {
	old := strings.NewReplacer("2.15.1", "2.10.27", "ACCKEY", "$G", `"user":"a"`, `"user":"s3cr3t-token"`).Replace(ofEOF)
	_, stop, err := Advisory([]byte(old))
	if err != nil || stop.User != redacted || stop.Account != model.GlobalAccount {
		t.Errorf("%+v, %v", stop, err)
	}
}

func TestWhatIsNoAdvisory(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want error
	}{
		"of a connection that began": {strings.Replace(ofEOF, "client_disconnect", "client_connect", 1), ErrNoDisconnect},
		"of nobody":                  {strings.Replace(ofEOF, `"id":9`, `"id":0`, 1), ErrNoDisconnect},
		"of no server":               {strings.Replace(ofEOF, `"id":"ND3D"`, `"id":"N.D"`, 1), ErrNoServer},
		"without a time":             {strings.Replace(ofEOF, `"stop"`, `"stopped"`, 1), ErrNoDisconnect},
		"anything":                   {`{"a":1}`, ErrNoDisconnect},
	} {
		if _, _, err := Advisory([]byte(test.text)); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, text := range []string{"", "nonsense", `{"server":1}`, ofEOF + "x", ofEOF[:len(ofEOF)-9]} {
		if _, _, err := Advisory([]byte(text)); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

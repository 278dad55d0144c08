package httpmonitor_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// versions are these, and the one that is tested.
func versions(list ...string) []string {
	if slices.Contains(list, testnats.Version()) {
		return list
	}
	return append(list, testnats.Version())
}

// readWhenLeft reads until count connections are closed.
func readWhenLeft(t *testing.T, server *testnats.Server, count int) model.Reading {
	t.Helper()
	s := newSource(t, []string{server.MonitorURL})
	var r model.Reading
	testnats.Until(t, "the records", func() bool {
		r = readOne(t, s, source.Request{Closed: true, Open: true})
		return len(r.Closed) == count
	})
	return r
}

// rawClosed is what the server itself says.
func rawClosed(t *testing.T, server *testnats.Server) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.MonitorURL+"/connz?state=closed&auth=1", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// TestTimesOfServersElsewhere: servers write times with their local offset.
func TestTimesOfServersElsewhere(t *testing.T) {
	for _, version := range versions(testnats.Oldest, testnats.Current) {
		t.Run(version, func(t *testing.T) {
			server := testnats.StartVersion(t, version, "", "TZ=Asia/Kolkata")
			before := time.Now()
			visit(t, server, "far away")
			r := readWhenLeft(t, server, 1)
			if raw := rawClosed(t, server); !strings.Contains(raw, "+05:30") {
				t.Fatalf("the server does not use its time zone: %s", raw)
			}
			at := r.Closed[0].At
			if at.Location() != time.UTC || at.Before(before) || at.After(time.Now()) || at.Before(r.Closed[0].Start) {
				t.Errorf("stopped at %s, started at %s; read since %s", at, r.Closed[0].Start, before)
			}
			if r.Server.Version != version {
				t.Errorf("version = %s", r.Server.Version)
			}
		})
	}
}

func withToken(t *testing.T, server *testnats.Server) *testnats.Raw {
	t.Helper()
	raw, err := testnats.Dial(t.Context(), server.Addr)
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := raw.Hello(`{"verbose":false,"auth_token":"s3cret-token","name":"holder"}`); err != nil || answer != "PONG" {
		t.Fatalf("%s, %v", answer, err)
	}
	return raw
}

// TestTokensAreNotShown: old servers give the token of who logged in with one
// as user; new ones hide it themselves.
func TestTokensAreNotShown(t *testing.T) {
	const config = `authorization { token: s3cret-token }`
	for _, version := range versions(testnats.Oldest, testnats.Leaking, testnats.Current) {
		t.Run(version, func(t *testing.T) {
			server := testnats.StartVersion(t, version, config)
			_ = withToken(t, server).Close()
			stays := withToken(t, server)
			defer func() { _ = stays.Close() }()
			r := readWhenLeft(t, server, 1)
			if leaks := strings.Contains(rawClosed(t, server), "s3cret"); leaks == testnats.Has(version, "2.10.28", "2.11.2") {
				t.Errorf("the server itself shows the token: %t", leaks)
			}
			if strings.Contains(fmt.Sprintf("%+v", r), "s3cret") {
				t.Errorf("the token was kept: %+v", r)
			}
			if r.Closed[0].User != "[REDACTED]" || len(r.Open) != 1 || r.Open[0].User != "[REDACTED]" {
				t.Errorf("closed %+v, open %+v", r.Closed, r.Open)
			}
		})
	}
}

// TestPasswordsAreNotKept: servers before 2.11.15 give the password of MQTT
// clients as JWT.
func TestPasswordsAreNotKept(t *testing.T) {
	for _, version := range versions(testnats.Leaking, testnats.Current) {
		t.Run(version, func(t *testing.T) {
			port, err := testnats.FreePort(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			server := testnats.StartVersion(t, version, fmt.Sprintf(`
				server_name: mqtt
				jetstream { store_dir: %q }
				mqtt { host: 127.0.0.1, port: %d }
				accounts { IOT { jetstream: enabled, users: [{user: sensor, password: s3cret-password}] } }`, t.TempDir(), port))
			if err := testnats.VisitMQTT(t.Context(), fmt.Sprintf("127.0.0.1:%d", port), "sensor-1", "sensor", "s3cret-password"); err != nil {
				t.Fatal(err)
			}
			r := readWhenLeft(t, server, 1)
			if leaks := strings.Contains(rawClosed(t, server), "s3cret"); leaks == testnats.Has(version, "2.11.15", "2.12.6") {
				t.Errorf("the server itself shows the password: %t", leaks)
			}
			if strings.Contains(fmt.Sprintf("%+v", r), "s3cret") {
				t.Errorf("the password was kept: %+v", r)
			}
			got := r.Closed[0]
			if got.User != "sensor" || got.Account != "IOT" || got.Type != "mqtt" || got.MQTTClient != "sensor-1" {
				t.Errorf("got %+v", got)
			}
		})
	}
}

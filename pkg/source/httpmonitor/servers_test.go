package httpmonitor_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

func TestOneServerOfTwoIsDown(t *testing.T) {
	up, down := testnats.Start(t, nil), testnats.Start(t, nil)
	visit(t, up, "a")
	down.Close()
	readings := newSource(t, []string{down.MonitorURL, up.MonitorURL}).Read(t.Context(), source.Request{Closed: true})
	if len(readings) != 2 || readings[0].Err == nil || readings[1].Err != nil || readings[1].Server.ID == "" {
		t.Fatalf("readings = %+v", readings)
	}
	var typed *source.Error
	if !errors.As(readings[0].Err, &typed) || typed.Kind != source.KindNetwork || readings[0].Endpoint != typed.Endpoint {
		t.Errorf("error = %v", readings[0].Err)
	}
}

func TestSameServerTwiceIsCountedOnce(t *testing.T) {
	ns := testnats.Start(t, nil)
	visit(t, ns, "a")
	other := strings.Replace(ns.MonitorURL, "127.0.0.1", "localhost", 1)
	readings := newSource(t, []string{ns.MonitorURL, other}).Read(t.Context(), source.Request{Closed: true, Open: true})
	if readings[0].Err != nil {
		t.Fatal(readings[0].Err)
	}
	second := readings[1]
	if !errors.Is(second.Err, source.ErrSameServer) || second.Closed != nil || second.Open != nil || second.Server.ID != readings[0].Server.ID {
		t.Errorf("second reading = %+v", second)
	}
}

func TestBasePath(t *testing.T) {
	ns := testnats.Start(t, &server.Options{HTTPBasePath: "/mon"})
	visit(t, ns, "a")
	for _, base := range []string{ns.MonitorURL, ns.MonitorURL + "/"} {
		r := readOne(t, newSource(t, []string{base}), source.Request{Closed: true})
		if !strings.HasSuffix(r.Endpoint, "/mon") {
			t.Errorf("endpoint = %s", r.Endpoint)
		}
		for _, asked := range r.Asked {
			if !strings.HasPrefix(asked, "GET "+ns.MonitorURL+"/") || strings.Contains(asked, "//varz") {
				t.Errorf("asked %s", asked)
			}
		}
	}
	u, err := url.Parse(ns.MonitorURL)
	if err != nil {
		t.Fatal(err)
	}
	without := newSource(t, []string{"http://" + u.Host}).Read(t.Context(), source.Request{Closed: true})[0]
	var typed *source.Error
	if !errors.As(without.Err, &typed) || typed.Kind != source.KindConfiguration {
		t.Errorf("without base path: %v", without.Err)
	}
}

func TestNothingToReport(t *testing.T) {
	ns := testnats.Start(t, nil)
	r := readOne(t, newSource(t, []string{ns.MonitorURL}), source.Request{Closed: true, Open: true})
	if r.Closed == nil || r.Open == nil || len(r.Closed) != 0 || len(r.Open) != 0 {
		t.Errorf("closed %v, open %v: asked for and empty is not nil", r.Closed, r.Open)
	}
	r = readOne(t, newSource(t, []string{ns.MonitorURL}), source.Request{})
	if r.Closed != nil || r.Open != nil || len(r.Asked) != 1 {
		t.Errorf("not asked for: %+v", r)
	}
}

// TestConnectionsAreReused: one socket serves read after read.
func TestConnectionsAreReused(t *testing.T) {
	clients := map[string]bool{}
	s := newSource(t, []string{serve(t, func(w http.ResponseWriter, r *http.Request) {
		clients[r.RemoteAddr] = true
		body := goodVarz
		if r.URL.Path == "/connz" {
			body = `{"server_id":"NA","connections":[]}`
		}
		_, _ = w.Write([]byte(body))
	})})
	for range 5 {
		readOne(t, s, source.Request{Closed: true})
	}
	if len(clients) != 1 {
		t.Errorf("%d connections for five reads", len(clients))
	}
}

// TestBytesAreCounted: those of every answer, also of a read that was made again.
func TestBytesAreCounted(t *testing.T) {
	const list = `{"server_id":"NA","connections":[]}`
	requests := 0
	r := readOne(t, newSource(t, []string{serve(t, func(w http.ResponseWriter, r *http.Request) {
		requests++
		switch {
		case r.URL.Path == "/varz":
			_, _ = w.Write([]byte(goodVarz))
		case requests == 2:
			_, _ = w.Write([]byte(strings.Replace(list, "NA", "NB", 1)))
		default:
			_, _ = w.Write([]byte(list))
		}
	})}), source.Request{Closed: true, Open: true})
	if want := int64(2*len(goodVarz) + 3*len(list)); r.Bytes != want {
		t.Errorf("%d bytes of %d requests, want %d", r.Bytes, requests, want)
	}
}

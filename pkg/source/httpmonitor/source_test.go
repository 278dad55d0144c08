package httpmonitor_test

import (
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"go.uber.org/goleak"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/httpmonitor"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newSource(t *testing.T, urls []string, options ...httpmonitor.Option) *httpmonitor.Source {
	t.Helper()
	s, err := httpmonitor.New(httpclient.Options{}, urls, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// readOne reads one server and fails the test if that fails.
func readOne(t *testing.T, s *httpmonitor.Source, req source.Request) model.Reading {
	t.Helper()
	readings := s.Read(t.Context(), req)
	if len(readings) != 1 {
		t.Fatalf("got %d readings of one server", len(readings))
	}
	if readings[0].Err != nil {
		t.Fatal(readings[0].Err)
	}
	return readings[0]
}

func visit(t *testing.T, server *testnats.Server, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := testnats.Visit(t.Context(), server.Addr, name); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReadsWhoLeftAndWhoIsThere(t *testing.T) {
	server := testnats.Start(t, nil)
	s := newSource(t, []string{server.MonitorURL})
	visit(t, server, "first")
	testnats.Until(t, "the first record", func() bool { return len(readOne(t, s, source.Request{Closed: true}).Closed) == 1 })
	visit(t, server, "second")
	raw, err := testnats.Dial(t.Context(), server.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = raw.Close() }()
	if _, err := raw.Hello(`{"name":"present"}`); err != nil {
		t.Fatal(err)
	}
	var r model.Reading
	testnats.Until(t, "both records", func() bool {
		r = readOne(t, s, source.Request{Closed: true, Open: true})
		return len(r.Closed) == 2
	})
	newest := r.Closed[0]
	if newest.Name != "second" || newest.Reason != "Client Closed" || newest.Account != model.GlobalAccount ||
		newest.ServerID != r.Server.ID || newest.Kind != "Client" || newest.Type != "nats" {
		t.Errorf("newest record = %+v", newest)
	}
	if len(r.Open) != 1 || r.Open[0].Name != "present" {
		t.Errorf("open = %+v", r.Open)
	}
	if r.Server.Total != 3 || r.Server.Open != 1 || r.Server.Version != testnats.Version() {
		t.Errorf("server = %+v", r.Server)
	}
	if len(r.Asked) != 3 {
		t.Errorf("asked = %q", r.Asked)
	}
}

package natsrequest_test

import (
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/natsrequest"
)

// rung is who told of stops, a few of them.
func rung(t *testing.T, s *natsrequest.Source) (by <-chan string, stop func()) {
	t.Helper()
	ids := make(chan string, 100)
	stop = s.Listen(func(serverID string) {
		select {
		case ids <- serverID:
		default:
		}
	})
	t.Cleanup(stop)
	return ids, stop
}

// TestServersTellOfStops: each of its own, over one connection and over the next.
func TestServersTellOfStops(t *testing.T) {
	cluster := testnats.StartCluster(t, names, accounts)
	s := newSource(t, httpclient.Options{}, as("reader", cluster[0]))
	by, stop := rung(t, s)
	readAll(t, s)
	for round := range 2 {
		for i, r := range read(t, s, source.Request{}) {
			testnats.Until(t, "a stop to be told by "+r.Server.Name, func() bool {
				leave(t, cluster[i], "a")
				return told(by, r.Server.ID)
			})
		}
		if round == 0 {
			s.Rest()
		}
	}
	stop()
	told(by, "")
	leave(t, cluster[0], "a")
	read(t, s, source.Request{Closed: true})
	if told(by, read(t, s, source.Request{})[0].Server.ID) {
		t.Error("somebody listens still")
	}
}

// told reports whether a server is among those that told of stops so far.
func told(by <-chan string, serverID string) (so bool) {
	for {
		select {
		case id := <-by:
			so = so || id == serverID
		default:
			return so
		}
	}
}

// TestWhoMayNotListenReadsAllTheSame, with a login that servers refuse it to, and with one
// of an account that they tell nothing.
func TestWhoMayNotListenReadsAllTheSame(t *testing.T) {
	ns := testnats.Start(t, accounts())
	tenant := as("tenant", ns)
	tenant.Account = true
	quiet := as("quiet", ns)
	for name, s := range map[string]*natsrequest.Source{
		"quiet":  newSource(t, httpclient.Options{}, quiet),
		"tenant": newSource(t, httpclient.Options{}, tenant),
	} {
		by, _ := rung(t, s)
		for range 200 {
			read(t, s, source.Request{Closed: true})
		}
		leave(t, ns, "a")
		read(t, s, source.Request{Closed: true})
		if len(by) > 0 {
			t.Errorf("%s was told of a stop", name)
		}
	}
}

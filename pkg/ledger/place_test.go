package ledger_test

import (
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// server is the reading of a server with one stop and one open connection.
func server(endpoint, name, cluster, id string) model.Reading {
	r := testledger.NewRing(id, name, 10)
	r.Close(1)
	reading := at(endpoint, r.Read())
	reading.Server.Cluster = cluster
	reading.Open = []model.Connection{{ServerID: id, CID: 7}}
	return reading
}

// TestPlacesOfOneNameAreToldApart: in the same words for servers, stops and open
// connections.
func TestPlacesOfOneNameAreToldApart(t *testing.T) {
	for what, c := range map[string]struct {
		readings []model.Reading
		want     []string
	}{
		"names differ":    {[]model.Reading{server("a:1", "n1", "eu", "ID1"), server("b:1", "n2", "eu", "ID2")}, []string{"n1", "n2"}},
		"clusters differ": {[]model.Reading{server("a:1", "n", "eu", "ID1"), server("b:1", "n", "us", "ID2")}, []string{"n (eu)", "n (us)"}},
		"addresses differ": {
			[]model.Reading{server("a:1", "n", "", "ID1"), server("b:1", "n", "", "ID2")}, []string{"n (a:1)", "n (b:1)"}},
		"one cluster of two is told": {
			[]model.Reading{server("a:1", "n", "eu", "ID1"), server("b:1", "n", "", "ID2")}, []string{"n (a:1)", "n (b:1)"}},
		"over NATS, in one cluster": {
			[]model.Reading{server("n", "n", "eu", "NAAAAAAA"), server("n", "n", "eu", "NBBBBBBB")}, []string{"n (NAAAA…)", "n (NBBBB…)"}},
	} {
		t.Run(what, func(t *testing.T) {
			s := testledger.Snapshot(t, c.readings...)
			of := map[string]string{}
			for i, state := range s.Servers {
				if state.Label != c.want[i] {
					t.Errorf("server %d is called %q, want %q", i, state.Label, c.want[i])
				}
				of[state.Server.ID] = state.Label
			}
			for _, stop := range testledger.Everything(s) {
				if stop.Server != of[stop.ServerID] {
					t.Errorf("a stop of %s has the server %q, want %q", stop.ServerID, stop.Server, of[stop.ServerID])
				}
			}
			for _, c := range s.Open {
				if c.Server != of[c.ServerID] {
					t.Errorf("a connection of %s has the server %q, want %q", c.ServerID, c.Server, of[c.ServerID])
				}
			}
		})
	}
}

// TestTheDeadOneOfTwoIsKnown: whose name another has that lives.
func TestTheDeadOneOfTwoIsKnown(t *testing.T) {
	l := testledger.New(t, ledger.DefaultLimits())
	l.Merge([]model.Reading{server("a:1", "n", "eu", "ID1"), server("b:1", "n", "us", "ID2")})
	s := l.Merge([]model.Reading{server("a:1", "n", "eu", "ID1"), {Endpoint: "b:1", Err: errRefused}})
	if dead := s.Dead(); len(dead) != 1 || !dead["n (us)"] {
		t.Errorf("dead are %v", dead)
	}
}

// TestASuccessorIsCalledAsBefore: it runs in the same place, and so do its
// predecessor's records.
func TestASuccessorIsCalledAsBefore(t *testing.T) {
	l := testledger.New(t, ledger.DefaultLimits())
	l.Merge([]model.Reading{server("a:1", "n", "eu", "ID1"), server("b:1", "n", "us", "ID2")})
	again := testledger.NewRing("ID3", "n", 10)
	again.Start = testledger.Noon.Add(time.Minute)
	again.Now = again.Start
	reading := at("c:1", again.Read())
	reading.Server.Cluster = "eu"
	s := l.Merge([]model.Reading{reading, server("b:1", "n", "us", "ID2")})
	if got := s.Servers[0]; got.Label != "n (eu)" || len(got.Coverage.Gaps) != 1 {
		t.Errorf("called %q, gaps %+v", got.Label, got.Coverage.Gaps)
	}
	called := map[string]int{}
	for _, stop := range testledger.Everything(s) {
		called[stop.Server]++
	}
	if len(called) != 2 || called["n (eu)"] != 1 || called["n (us)"] != 1 {
		t.Errorf("stops by server: %v", called)
	}
}

// TestSucceeds: names, clusters and addresses of two processes.
func TestSucceeds(t *testing.T) {
	named := model.Server{ID: "ID1", Name: "n", Cluster: "eu"}
	for what, c := range map[string]struct {
		later       model.Server
		address     bool
		wantSucceed bool
	}{
		"itself":                     {named, true, false},
		"name and cluster":           {model.Server{ID: "ID2", Name: "n", Cluster: "eu"}, false, true},
		"another cluster":            {model.Server{ID: "ID2", Name: "n", Cluster: "us"}, false, false},
		"a cluster renamed":          {model.Server{ID: "ID2", Name: "n", Cluster: "us"}, true, true},
		"another name":               {model.Server{ID: "ID2", Name: "m", Cluster: "eu"}, true, false},
		"without a name, there":      {model.Server{ID: "ID2", Name: "ID2", Cluster: "eu"}, true, true},
		"without a name, who knows":  {model.Server{ID: "ID2", Name: "ID2", Cluster: "eu"}, false, false},
		"nothing is known of itself": {model.Server{ID: "ID2"}, false, false},
	} {
		if got := c.later.Succeeds(named, c.address); got != c.wantSucceed {
			t.Errorf("%s: %v", what, got)
		}
	}
}

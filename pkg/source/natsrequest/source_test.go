package natsrequest_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/goleak"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
	"github.com/natsops/nats-connections-datasource/pkg/source/natsrequest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secret = "s3cret"

var names = []string{"n1", "n2", "n3"}

// accounts are the options of a server with a system account and a tenant.
func accounts() *server.Options {
	system, tenant := server.NewAccount("SYS"), server.NewAccount("orders")
	return &server.Options{
		Accounts: []*server.Account{system, tenant}, SystemAccount: "SYS",
		Users: []*server.User{
			{Username: "admin", Password: secret, Account: system},
			{Username: "reader", Password: secret, Account: system, Permissions: leastPrivilege()},
			{Username: "quiet", Password: secret, Account: system, Permissions: &server.Permissions{
				Publish: leastPrivilege().Publish, Subscribe: &server.SubjectPermission{Allow: []string{"_INBOX.>"}},
			}},
			{Username: "deaf", Password: secret, Account: system, Permissions: &server.Permissions{
				Subscribe: &server.SubjectPermission{Allow: []string{"elsewhere"}},
			}},
			{Username: "mute", Password: secret, Account: system, Permissions: &server.Permissions{
				Publish: &server.SubjectPermission{Allow: []string{"elsewhere"}},
			}},
			{Username: "half", Password: secret, Account: system, Permissions: &server.Permissions{
				Publish: &server.SubjectPermission{Allow: []string{"$SYS.REQ.SERVER.PING.STATSZ"}},
			}},
			{Username: "tenant", Password: secret, Account: tenant},
		},
	}
}

// leastPrivilege is what docs/connect.md tells people to allow.
func leastPrivilege() *server.Permissions {
	return &server.Permissions{
		Publish:   &server.SubjectPermission{Allow: []string{"$SYS.REQ.SERVER.PING.STATSZ", "$SYS.REQ.SERVER.*.CONNZ", "$SYS.REQ.SERVER.PING.VARZ"}},
		Subscribe: &server.SubjectPermission{Allow: []string{"_INBOX.>", "$SYS.ACCOUNT.*.DISCONNECT"}},
	}
}

func as(user string, servers ...*testnats.Server) natslink.Config {
	return natslink.Config{Servers: clientURLs(servers), User: user, Password: secret}
}

func clientURLs(servers []*testnats.Server) (urls []string) {
	for _, s := range servers {
		urls = append(urls, s.ClientURL)
	}
	return urls
}

func within(timeout time.Duration) httpclient.Options {
	return httpclient.Options{Timeouts: &httpclient.TimeoutOptions{Timeout: timeout}}
}

func newSource(t *testing.T, opts httpclient.Options, cfg natslink.Config, options ...natsrequest.Option) *natsrequest.Source {
	t.Helper()
	s, err := natsrequest.New(t.Context(), opts, cfg, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func leave(t *testing.T, s *testnats.Server, name string) {
	t.Helper()
	raw, err := testnats.Dial(t.Context(), s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = raw.Close() }()
	answer, err := raw.Hello(`{"verbose":false,"name":"` + name + `","user":"tenant","pass":"` + secret + `","lang":"go","version":"1"}`)
	if err != nil || answer != "PONG" {
		t.Fatalf("%q, %v", answer, err)
	}
}

// read reads and fails the test if a server did not answer.
func read(t *testing.T, s *natsrequest.Source, req source.Request) []model.Reading {
	t.Helper()
	readings := s.Read(t.Context(), req)
	for _, r := range readings {
		if r.Err != nil {
			t.Fatalf("%v (%v)", r.Err, errors.Unwrap(r.Err))
		}
	}
	return readings
}

// readAll reads until the three servers of the cluster know each other.
func readAll(t *testing.T, s *natsrequest.Source) {
	t.Helper()
	testnats.Until(t, "the cluster to answer", func() bool {
		return slices.Equal(outcome(s.Read(t.Context(), source.Request{Closed: true})), names)
	})
}

func endpoints(readings []model.Reading) (list []string) {
	for _, r := range readings {
		list = append(list, r.Endpoint)
	}
	return list
}

func TestOneConnectionReadsThreeServers(t *testing.T) {
	cluster := testnats.StartCluster(t, names, accounts)
	for i, name := range []string{"a", "b", "c"} {
		leave(t, cluster[i], name)
	}
	s := newSource(t, httpclient.Options{}, as("reader", cluster[1]))
	readAll(t, s)
	var readings []model.Reading
	testnats.Until(t, "a record of each server", func() bool {
		readings = read(t, s, source.Request{Closed: true, Open: true})
		return !slices.ContainsFunc(readings, func(r model.Reading) bool { return len(r.Closed) == 0 })
	})
	if got := endpoints(readings); !slices.Equal(got, names) {
		t.Fatalf("endpoints = %v", got)
	}
	for i, r := range readings {
		record := r.Closed[0]
		if record.Name != string(rune('a'+i)) || record.Account != "orders" || record.User != "tenant" ||
			record.ServerID != r.Server.ID || record.Reason != "Client Closed" || r.Ring != model.RingRead {
			t.Errorf("record of %s = %+v", r.Endpoint, record)
		}
		if r.Server.Cluster != testnats.ClusterName || r.Server.Version != testnats.Version() || r.Server.Name != names[i] ||
			r.Server.Start.IsZero() || r.Server.Now.IsZero() || r.Server.Closed() != 1 {
			t.Errorf("server = %+v", r.Server)
		}
		ours := 0
		for _, c := range r.Open {
			if c.Name == "grafana-nats-connections" {
				ours++
			}
		}
		if want := map[bool]int{true: 1}[i == 1]; ours != want {
			t.Errorf("%d of our connections at %s", ours, r.Endpoint)
		}
	}
}

// TestQuietSystemCostsOneRequest: who answers is asked once for all servers.
func TestQuietSystemCostsOneRequest(t *testing.T) {
	cluster := testnats.StartCluster(t, names, accounts)
	s := newSource(t, httpclient.Options{}, as("reader", cluster[0]))
	var planned []string
	skip := func(server model.Server) model.RingPlan {
		planned = append(planned, server.Name)
		return model.RingPlan{Skip: true}
	}
	readAll(t, s)
	// What servers allow is asked once an hour; that is over before.
	testnats.Until(t, "the limits to be told", func() bool {
		readings := read(t, s, source.Request{Closed: true})
		return !slices.ContainsFunc(readings, func(r model.Reading) bool { return r.Server.Limits == model.Limits{} })
	})
	before := sent(t, cluster[0])
	readings := read(t, s, source.Request{Closed: true, Plan: sequential(skip)})
	testnats.Until(t, "the request to be counted", func() bool { return sent(t, cluster[0]) > before })
	if requests := sent(t, cluster[0]) - before; requests != 1 {
		t.Errorf("%d requests", requests)
	}
	if len(planned) != 3 {
		t.Errorf("planned %v", planned)
	}
	for _, r := range readings {
		if r.Ring != model.RingUnchanged || len(r.Asked) != 1 || !strings.HasSuffix(r.Asked[0], ".STATSZ") {
			t.Errorf("%s: %v, asked %q", r.Endpoint, r.Ring, r.Asked)
		}
	}
}

// sent is how many messages the source's connection has sent, as its server counts.
// sent is what our connection sent, once it stands still: a server counts a
// message a moment after it passed it on.
func sent(t *testing.T, s *testnats.Server) int64 {
	t.Helper()
	count := int64(-1)
	testnats.Until(t, "the count to stand still", func() bool {
		before := count
		count = s.MessagesFrom(t, "grafana-nats-connections")
		return count == before
	})
	return count
}

// sequential lets a plan be called from several goroutines.
func sequential(plan func(model.Server) model.RingPlan) func(model.Server) model.RingPlan {
	turn := make(chan struct{}, 1)
	return func(server model.Server) model.RingPlan {
		turn <- struct{}{}
		defer func() { <-turn }()
		return plan(server)
	}
}

func TestRingLargerThanAPage(t *testing.T) {
	const size = 2500
	admin := testnats.Start(t, accounts())
	fill(t, admin, size)
	s := newSource(t, httpclient.Options{}, as("reader", admin))
	var r model.Reading
	testnats.Until(t, "everybody to have left", func() bool {
		r = read(t, s, source.Request{Closed: true})[0]
		return len(r.Closed) == size
	})
	seen := map[uint64]bool{}
	for _, record := range r.Closed {
		seen[record.CID] = true
	}
	if len(seen) != size || len(r.Asked) != 4 {
		t.Errorf("%d different records, asked %q", len(seen), r.Asked)
	}
	known := func(model.Server) model.RingPlan {
		return model.RingPlan{Since: time.Now(), Known: func(rows []model.Stop) int {
			return len(slices.DeleteFunc(slices.Clone(rows), func(s model.Stop) bool { return !seen[s.CID] }))
		}}
	}
	r = read(t, s, source.Request{Closed: true, Plan: known})[0]
	if len(r.Closed) != 64 || len(r.Asked) != 2 {
		t.Errorf("%d records for nothing new, asked %q", len(r.Closed), r.Asked)
	}
}

func TestRingOverflows(t *testing.T) {
	opts := accounts()
	ring := testnats.LimitRing(opts, 50)
	ns := testnats.Start(t, opts)
	fill(t, ns, ring+70)
	s := newSource(t, httpclient.Options{}, as("reader", ns), natsrequest.WithPageSize(ring/6))
	var r model.Reading
	testnats.Until(t, "everybody to have left", func() bool {
		r = read(t, s, source.Request{Closed: true})[0]
		return r.Server.Closed() == int64(ring)+70 && len(r.Closed) == ring
	})
	if !slices.IsSortedFunc(r.Closed, func(a, b model.Stop) int { return b.At.Compare(a.At) }) {
		t.Error("not newest first")
	}
}

// fill lets clients come and go that the server refuses, which leaves records as well.
func fill(t *testing.T, s *testnats.Server, count int) {
	t.Helper()
	for i := range count {
		raw, err := testnats.Dial(t.Context(), s.Addr)
		if err != nil {
			t.Fatal(i, err)
		}
		_ = raw.Close()
	}
}

func TestOldServer(t *testing.T) {
	old := testnats.StartVersion(t, testnats.Oldest, `
		server_name: old
		system_account: SYS
		accounts {
			SYS { users: [{user: reader, password: `+secret+`, permissions: {
				publish: ["$SYS.REQ.SERVER.PING.STATSZ", "$SYS.REQ.SERVER.*.CONNZ"], subscribe: "_INBOX.>"}}] }
			orders { users: [{user: tenant, password: `+secret+`}] }
		}`)
	leave(t, old, "billing")
	s := newSource(t, httpclient.Options{}, as("reader", old))
	var r model.Reading
	testnats.Until(t, "the record", func() bool {
		r = read(t, s, source.Request{Closed: true, Open: true})[0]
		return len(r.Closed) == 1
	})
	if c := r.Closed[0]; c.Name != "billing" || c.Account != "orders" || r.Server.Version != testnats.Oldest || len(r.Open) != 1 {
		t.Errorf("server %+v, record %+v", r.Server, c)
	}
}

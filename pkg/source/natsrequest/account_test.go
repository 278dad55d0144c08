package natsrequest_test

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
	"github.com/natsops/nats-connections-datasource/pkg/source/natsrequest"
)

// tenants are the options of a server with two accounts beside the system's.
func tenants() *server.Options {
	opts := accounts()
	orders, billing := opts.Accounts[1], server.NewAccount("billing")
	opts.Accounts = append(opts.Accounts, billing)
	opts.Users = append(opts.Users,
		&server.User{Username: "biller", Password: secret, Account: billing},
		// What docs/connect.md tells people to allow.
		&server.User{Username: "viewer", Password: secret, Account: orders, Permissions: &server.Permissions{
			Publish:   &server.SubjectPermission{Allow: []string{"$SYS.REQ.ACCOUNT.PING.CONNZ"}},
			Subscribe: &server.SubjectPermission{Allow: []string{"_INBOX.>"}},
		}},
		&server.User{Username: "barred", Password: secret, Account: orders, Permissions: &server.Permissions{
			Publish: &server.SubjectPermission{Allow: []string{"elsewhere"}},
		}},
	)
	return opts
}

func account(user string, servers ...*testnats.Server) natslink.Config {
	cfg := as(user, servers...)
	cfg.Account = true
	return cfg
}

func leaveAs(t *testing.T, s *testnats.Server, user, name string) {
	t.Helper()
	raw, err := testnats.Dial(t.Context(), s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = raw.Close() }()
	answer, err := raw.Hello(fmt.Sprintf(`{"verbose":false,"name":%q,"user":%q,"pass":%q}`, name, user, secret))
	if err != nil || answer != "PONG" {
		t.Fatalf("%q, %v", answer, err)
	}
}

// closedNames are the clients whose records were read, by endpoint.
func closedNames(readings []model.Reading) (list []string) {
	for _, r := range readings {
		for _, stop := range r.Closed {
			list = append(list, r.Endpoint+" "+stop.Name)
		}
	}
	slices.Sort(list)
	return list
}

func TestTenantsDoNotSeeEachOther(t *testing.T) {
	cluster := testnats.StartCluster(t, names, tenants)
	leaveAs(t, cluster[0], "tenant", "order-1")
	leaveAs(t, cluster[2], "tenant", "order-3")
	leaveAs(t, cluster[2], "biller", "bill-3")
	for user, want := range map[string][]string{
		"viewer": {"n1 order-1", "n3 order-3"},
		"biller": {"n3 bill-3"},
	} {
		s := newSource(t, httpclient.Options{}, account(user, cluster[1]))
		var readings []model.Reading
		testnats.Until(t, "the records of "+user, func() bool {
			readings = read(t, s, source.Request{Closed: true, Open: true})
			return slices.Equal(closedNames(readings), want) && len(readings) == 3
		})
		tenant := map[string]string{"viewer": "orders", "biller": "billing"}[user]
		for _, r := range readings {
			if !r.Server.Uncounted || r.Server.Version != testnats.Version() || r.Server.Cluster != testnats.ClusterName ||
				r.Server.Now.IsZero() || r.Account != tenant || r.Ring != model.RingRead {
				t.Errorf("%s sees %+v of account %q", user, r.Server, r.Account)
			}
			for _, c := range r.Open {
				if c.Account != tenant || r.Endpoint != "n2" {
					t.Errorf("%s sees %+v at %s", user, c, r.Endpoint)
				}
			}
		}
	}
}

// TestQuietAccountCostsOneRequest: one page of each server, in one round trip.
func TestQuietAccountCostsOneRequest(t *testing.T) {
	cluster := testnats.StartCluster(t, names, tenants)
	s := newSource(t, httpclient.Options{}, account("viewer", cluster[0]))
	readAll(t, s)
	before := sent(t, cluster[0])
	known := func(model.Server) model.RingPlan {
		return model.RingPlan{Known: func(rows []model.Stop) int { return len(rows) }}
	}
	readings := read(t, s, source.Request{Closed: true, Plan: known})
	testnats.Until(t, "the request to be counted", func() bool { return sent(t, cluster[0]) > before })
	if requests := sent(t, cluster[0]) - before; requests != 1 {
		t.Errorf("%d requests", requests)
	}
	if got := outcome(readings); !slices.Equal(got, names) {
		t.Errorf("readings %q", got)
	}
	if asked := readings[2].Asked; len(asked) != 1 || !strings.HasPrefix(asked[0], `$SYS.REQ.ACCOUNT.PING.CONNZ {"state":1,`) {
		t.Errorf("asked %q", asked)
	}
}

// TestAccountWithMoreThanAPage: only one server has more, which is asked by its name.
func TestAccountWithMoreThanAPage(t *testing.T) {
	cluster := testnats.StartCluster(t, []string{"n1", "n10"}, tenants)
	const records = 25
	for i := range records {
		leaveAs(t, cluster[0], "tenant", fmt.Sprintf("c%d", i))
	}
	leaveAs(t, cluster[1], "tenant", "other")
	s := newSource(t, httpclient.Options{}, account("viewer", cluster[1]), natsrequest.WithPageSize(10))
	testnats.Until(t, "every record", func() bool {
		readings := read(t, s, source.Request{Closed: true})
		return len(readings) == 2 && len(readings[0].Closed) == records && len(readings[1].Closed) == 1
	})
	known := func(model.Server) model.RingPlan { return model.RingPlan{} }
	readings := read(t, s, source.Request{Closed: true, Plan: known})
	if got := len(readings[0].Closed); got != records {
		t.Errorf("%d records with a plan that knows none", got)
	}
}

func TestWhoIsNotATenant(t *testing.T) {
	s := testnats.Start(t, tenants())
	global := testnats.Start(t, &server.Options{
		Accounts: []*server.Account{server.NewAccount("SYS")}, SystemAccount: "SYS",
		Users: []*server.User{{Username: "anyone", Password: secret}},
	})
	for user, c := range map[string]struct {
		at       *testnats.Server
		kind     source.Kind
		sentence string
	}{
		"admin":  {s, source.KindConfiguration, "These credentials are of the system account."},
		"barred": {s, source.KindPermission, "These credentials may not ask about their account."},
		"anyone": {global, source.KindPermission, "These credentials are of the global account $G, whose closed connections servers do not tell apart."},
	} {
		t.Run(user, func(t *testing.T) {
			check(t, readError(t, newSource(t, within(20*time.Second), account(user, c.at)), source.Request{Closed: true}),
				c.kind, source.StepIdentity, c.sentence)
		})
	}
}

// distant is the near end of a long way.
type distant struct{ net.Conn }

func (d distant) Write(data []byte) (int, error) {
	<-time.After(20 * time.Millisecond)
	return d.Conn.Write(data)
}

// TestServerThatJoinsIsSeenByAccounts: nobody tells them how many there are,
// and a server far away always answers after those that are known.
func TestServerThatJoinsIsSeenByAccounts(t *testing.T) {
	cluster := testnats.StartCluster(t, []string{"n1"}, tenants)
	s := newSource(t, within(4*time.Second), account("viewer", cluster[0]))
	expect(t, s.Read(t.Context(), source.Request{Closed: true}), "n1")
	joining := tenants()
	joining.ServerName = "n2"
	joining.Cluster = server.ClusterOpts{Name: testnats.ClusterName, Host: "127.0.0.1", Port: server.RANDOM_PORT}
	var never atomic.Bool
	way := listen(t, func(conn net.Conn) {
		go relay(t.Context(), distant{conn}, strings.TrimPrefix(cluster[0].RouteURL, "nats://"), &never)
	})
	joining.Routes = server.RoutesFromStr("nats://" + way)
	joined := testnats.Start(t, joining)
	testnats.Until(t, "the new server", func() bool {
		return slices.Equal(outcome(s.Read(t.Context(), source.Request{Closed: true})), []string{"n1", "n2"})
	})
	joined.Close()
	testnats.Until(t, "its end", func() bool {
		return slices.Equal(outcome(s.Read(t.Context(), source.Request{Closed: true})), []string{"n1", "n2: timeout"})
	})
	again := tenants()
	again.ServerName, again.Cluster, again.Routes = "n2", joining.Cluster, joining.Routes
	testnats.Start(t, again)
	testnats.Until(t, "its successor", func() bool {
		return slices.Equal(outcome(s.Read(t.Context(), source.Request{Closed: true})), []string{"n1", "n2"})
	})
}

func TestAccountOfAnOldServer(t *testing.T) {
	old := testnats.StartVersion(t, testnats.Oldest, `
		server_name: old
		system_account: SYS
		accounts {
			SYS { users: [{user: admin, password: `+secret+`}] }
			orders { users: [{user: tenant, password: `+secret+`}, {user: viewer, password: `+secret+`, permissions: {
				publish: "$SYS.REQ.ACCOUNT.PING.CONNZ", subscribe: "_INBOX.>"}}] }
			billing { users: [{user: biller, password: `+secret+`}] }
		}`)
	leaveAs(t, old, "tenant", "order")
	leaveAs(t, old, "biller", "bill")
	s := newSource(t, httpclient.Options{}, account("viewer", old))
	testnats.Until(t, "the record", func() bool {
		return slices.Equal(closedNames(read(t, s, source.Request{Closed: true})), []string{"old order"})
	})
	check(t, readError(t, newSource(t, within(20*time.Second), account("admin", old)), source.Request{Closed: true}),
		source.KindConfiguration, source.StepIdentity, "These credentials are of the system account.")
}

// TestAnyClientOfTheAccountMayAnswer, and costs nobody more than its answer.
func TestAnyClientOfTheAccountMayAnswer(t *testing.T) {
	ns := testnats.Start(t, tenants())
	odd, err := nats.Connect(ns.ClientURL, nats.UserInfo("tenant", secret))
	if err != nil {
		t.Fatal(err)
	}
	defer odd.Close()
	answered := make(chan struct{}, 1000)
	if _, err := odd.Subscribe("$SYS.REQ.ACCOUNT.PING.CONNZ", func(m *nats.Msg) {
		_ = m.Respond([]byte("hello"))
		answered <- struct{}{}
	}); err != nil {
		t.Fatal(err)
	}
	if err := odd.Flush(); err != nil {
		t.Fatal(err)
	}
	s := newSource(t, httpclient.Options{}, account("viewer", ns))
	for range 5 {
		readings := slices.DeleteFunc(s.Read(t.Context(), source.Request{Open: true, Closed: true}), func(r model.Reading) bool { return r.Repeated })
		if len(readings) != 1 || readings[0].Err != nil || readings[0].Account != "orders" || len(readings[0].Open) == 0 {
			t.Fatalf("got %+v", readings)
		}
	}
	<-answered
}

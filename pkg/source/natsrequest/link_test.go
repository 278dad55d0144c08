package natsrequest_test

import (
	"context"
	"net"
	"sync/atomic"
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

// listen accepts connections and hands each to serve.
func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		// Held on to, or else the garbage collector would close them.
		var held []net.Conn
		for {
			conn, err := listener.Accept()
			if err != nil {
				for _, conn := range held {
					_ = conn.Close()
				}
				return
			}
			held = append(held, conn)
			serve(conn)
		}
	}()
	return listener.Addr().String()
}

func at(address string) natslink.Config {
	return natslink.Config{Servers: []string{"nats://" + address}}
}

func TestUnreachable(t *testing.T) {
	closed, err := testnats.FreePort(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	refusing := (&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: closed}).String()
	web := listen(t, func(conn net.Conn) {
		_, _ = conn.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
		_ = conn.Close()
	})
	for name, c := range map[string]struct{ address, sentence string }{
		"refused":      {refusing, "It refused the connection."},
		"unknown host": {"nats.invalid:4222", "Its host name could not be resolved."},
		"not NATS":     {web, "It could not be talked to as a NATS server."},
	} {
		t.Run(name, func(t *testing.T) {
			check(t, readError(t, newSource(t, httpclient.Options{}, at(c.address)), source.Request{}),
				source.KindNetwork, source.StepConnect, c.sentence)
		})
	}
}

func TestSecondServerOfTheList(t *testing.T) {
	ns := testnats.Start(t, accounts())
	cfg := as("reader", ns)
	cfg.Servers = []string{"nats://nats.invalid:4222", ns.ClientURL}
	read(t, newSource(t, httpclient.Options{}, cfg), source.Request{Closed: true})
}

// TestServerThatSaysNothing holds up its first reader, and nobody after that.
func TestServerThatSaysNothing(t *testing.T) {
	var accepted atomic.Int32
	address := listen(t, func(net.Conn) { accepted.Add(1) })
	const late = "NATS did not let us in, in time."
	s := newSource(t, within(time.Second), at(address))
	check(t, readError(t, s, source.Request{}), source.KindTimeout, source.StepConnect, late)
	for range 1000 {
		check(t, readError(t, s, source.Request{}), source.KindTimeout, source.StepConnect, late)
	}
	check(t, readError(t, s, source.Request{Patient: true}), source.KindTimeout, source.StepConnect, late)
	testnats.Until(t, "another attempt", func() bool {
		check(t, readError(t, s, source.Request{}), source.KindTimeout, source.StepConnect, late)
		return accepted.Load() > 1
	})
}

func TestReaderThatLeaves(t *testing.T) {
	address := listen(t, func(net.Conn) {})
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	s := newSource(t, within(time.Minute), at(address))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r := s.Read(ctx, source.Request{}); !source.Canceled(r[0].Err) {
		t.Errorf("error = %v", r[0].Err)
	}
	// The attempt is still under way, and ends with the source.
	s.Close()
	if r := s.Read(t.Context(), source.Request{}); !source.Canceled(r[0].Err) {
		t.Errorf("after the end: %v", r[0].Err)
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	ns := testnats.Start(t, accounts())
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	for range 20 {
		s := newSource(t, httpclient.Options{}, as("reader", ns))
		read(t, s, source.Request{Closed: true})
		s.Close()
		s.Close()
	}
}

// TestRestEndsTheConnection: who reads next logs in anew.
func TestRestEndsTheConnection(t *testing.T) {
	ns := testnats.Start(t, accounts())
	s := newSource(t, httpclient.Options{}, as("reader", ns))
	s.Rest() // There is nothing yet.
	for range 20 {
		read(t, s, source.Request{Closed: true})
		if open := ns.Connections(t); open != 1 {
			t.Fatalf("%d connections while it reads", open)
		}
		s.Rest()
		testnats.Until(t, "the connection to end", func() bool { return ns.Connections(t) == 0 })
	}
}

// TestNeverUsed: a data source that nobody asks dials nobody.
func TestNeverUsed(t *testing.T) {
	address := listen(t, func(net.Conn) { t.Error("dialled") })
	newSource(t, httpclient.Options{}, at(address)).Close()
}

func TestComesBackAfterARestart(t *testing.T) {
	port, err := testnats.FreePort(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	start := func() *testnats.Server {
		opts := accounts()
		opts.ServerName, opts.Port = "n1", port
		return testnats.Start(t, opts)
	}
	const lost = "The connection to NATS is lost and is being made anew."
	ns := start()
	s := newSource(t, httpclient.Options{}, as("reader", ns))
	before := read(t, s, source.Request{Closed: true})[0]
	ns.Close()
	testnats.Until(t, "the loss to be noticed", func() bool { return s.Read(t.Context(), source.Request{})[0].Err != nil })
	check(t, readError(t, s, source.Request{}), source.KindNetwork, source.StepConnect, lost)
	start()
	testnats.Until(t, "the server to be back", func() bool { return s.Read(t.Context(), source.Request{})[0].Err == nil })
	after := read(t, s, source.Request{Closed: true})
	if len(after) != 1 || after[0].Endpoint != before.Endpoint || after[0].Server.ID == before.Server.ID {
		t.Errorf("after the restart: %+v", after)
	}
}

// TestDeadServerIsMissing: the connection moves to another server of the
// cluster, and the one that died is told.
func TestDeadServerIsMissing(t *testing.T) {
	cluster := testnats.StartCluster(t, names, accounts)
	s := newSource(t, httpclient.Options{}, as("reader", cluster...), natsrequest.WithPatience(500*time.Millisecond))
	readAll(t, s)
	cluster[1].Close()
	testnats.Until(t, "the others to answer", func() bool {
		got := outcome(s.Read(t.Context(), source.Request{Closed: true}))
		return len(got) == 3 && got[0] == "n1" && got[1] == "n2: timeout" && got[2] == "n3"
	})
}

// TestForgottenServerIsNotMissing once the others know that it ended.
func TestForgottenServerIsNotMissing(t *testing.T) {
	cluster := testnats.StartCluster(t, names, accounts)
	s := newSource(t, httpclient.Options{}, as("reader", cluster...), natsrequest.WithPatience(500*time.Millisecond))
	var id string
	for _, r := range read3(t, s) {
		if r.Server.Name == "n2" {
			id = r.Server.ID
		}
	}
	cluster[1].Close()
	testnats.Until(t, "its end", func() bool {
		got := outcome(s.Read(t.Context(), source.Request{}))
		return len(got) == 3 && got[0] == "n1" && got[1] == "n2: timeout" && got[2] == "n3"
	})
	s.Forget(id)
	if got := outcome(s.Read(t.Context(), source.Request{})); len(got) != 2 || got[0] != "n1" || got[1] != "n3" {
		t.Errorf("after it was forgotten: %v", got)
	}
}

func read3(t *testing.T, s *natsrequest.Source) []model.Reading {
	t.Helper()
	readAll(t, s)
	return s.Read(t.Context(), source.Request{})
}

// TestKilledServerIsMissing: the others count it for minutes.
func TestKilledServerIsMissing(t *testing.T) {
	ns := testnats.StartCluster(t, names[:1], accounts)[0]
	killed := testnats.StartVersion(t, testnats.Oldest, `
		server_name: n2
		system_account: SYS
		accounts { SYS { users: [{user: admin, password: `+secret+`}] } }
		cluster { name: `+testnats.ClusterName+`, listen: "127.0.0.1:-1", routes: ["`+ns.RouteURL+`"] }`)
	ns.AwaitPeers(t, 1)
	s := newSource(t, httpclient.Options{}, as("reader", ns), natsrequest.WithPatience(500*time.Millisecond))
	testnats.Until(t, "both to answer", func() bool { return len(s.Read(t.Context(), source.Request{Closed: true})) == 2 })
	killed.Kill()
	testnats.Until(t, "its end", func() bool {
		got := outcome(s.Read(t.Context(), source.Request{Closed: true}))
		return len(got) == 2 && got[0] == "n1" && got[1] == "n2: timeout"
	})
}

// TestLameDuckIsSilent: such a server serves clients, but answers nobody here.
func TestLameDuckIsSilent(t *testing.T) {
	cluster := testnats.StartCluster(t, names, func() *server.Options {
		opts := accounts()
		opts.LameDuckDuration, opts.LameDuckGracePeriod = time.Minute, 30*time.Second
		return opts
	})
	s := newSource(t, httpclient.Options{}, as("reader", cluster[0]), natsrequest.WithPatience(200*time.Millisecond))
	readAll(t, s)
	// Without clients it would end at once.
	client, err := testnats.Dial(t.Context(), cluster[2].Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	if _, err := client.Hello(`{"verbose":false,"user":"tenant","pass":"` + secret + `"}`); err != nil {
		t.Fatal(err)
	}
	cluster[2].EnterLameDuck(t)
	testnats.Until(t, "its silence", func() bool {
		got := outcome(s.Read(t.Context(), source.Request{}))
		return len(got) == 3 && got[2] == "n3: timeout"
	})
}

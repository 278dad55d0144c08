package natsrequest_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/nats-io/nats-server/v2/server"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
)

const refusedSentence = "NATS refused these credentials."

// ownStops counts the records of our own connections that were refused, on all
// servers of the cluster.
func ownStops(t *testing.T, ns *testnats.Server) int {
	t.Helper()
	count := 0
	for _, reading := range read(t, newSource(t, httpclient.Options{}, as("reader", ns)), source.Request{Closed: true}) {
		for _, stop := range reading.Closed {
			if stop.Name == "grafana-nats-connections" && stop.Reason == "Authentication Failure" {
				count++
			}
		}
	}
	return count
}

// TestRevokedLogin: a login that is refused is not tried again and again, and
// is told to be refused.
func TestRevokedLogin(t *testing.T) {
	port := freePort(t)
	start := func(password string) *testnats.Server {
		opts := accounts()
		opts.ServerName, opts.Port, opts.Users[0].Password = "n1", port, password
		return testnats.Start(t, opts)
	}
	ns := start(secret)
	s := newSource(t, httpclient.Options{}, as("admin", ns))
	read(t, s, source.Request{Closed: true})
	ns.Close()
	ns = start(secret + "!")
	refused := func() bool {
		var typed *source.Error
		return errors.As(s.Read(t.Context(), source.Request{Closed: true})[0].Err, &typed) && typed.Sentence == refusedSentence
	}
	testnats.Until(t, "the refusal to be told", refused)
	for range 1000 {
		if !refused() {
			t.Fatal("once told, it is told until somebody tries again")
		}
	}
	// One by the connection that was there, one by the attempt that told why.
	before := ownStops(t, ns)
	if before < 1 || before > 2 {
		t.Errorf("refused %d times", before)
	}
	check(t, readError(t, s, source.Request{Patient: true}), source.KindAuth, source.StepConnect, refusedSentence)
	if now := ownStops(t, ns); now != before+1 {
		t.Errorf("a patient reader is refused anew: %d, then %d", before, now)
	}
}

// TestFullServer: one that takes no more connections is not besieged, also
// where it ends the connection before it could say why.
func TestFullServer(t *testing.T) {
	opts := accounts()
	opts.MaxConn = 1
	ns := testnats.Start(t, opts)
	first := newSource(t, httpclient.Options{}, as("reader", ns))
	read(t, first, source.Request{Closed: true})
	s := newSource(t, httpclient.Options{}, as("reader", ns))
	for range 1000 {
		switch err := readError(t, s, source.Request{Closed: true}); err.Sentence {
		case "NATS takes no more connections.", "It ended the connection before we were let in.":
		default:
			t.Fatal(err, err.Cause)
		}
	}
	stops := 0
	for _, stop := range read(t, first, source.Request{Closed: true})[0].Closed {
		if stop.Reason == "Maximum Connections Exceeded" {
			stops++
		}
	}
	if stops < 1 || stops > 3 {
		t.Errorf("knocked %d times", stops)
	}
	first.Close()
	testnats.Until(t, "to be let in", func() bool { return s.Read(t.Context(), source.Request{Patient: true})[0].Err == nil })
}

// TestRefusalIsToldWhileOthersAreDown, also by servers that tell of each other.
func TestRefusalIsToldWhileOthersAreDown(t *testing.T) {
	cluster := testnats.StartCluster(t, names[:2], accounts)
	cfg := as("admin", cluster[0])
	cfg.Password += "!"
	cfg.Servers = append(cfg.Servers, fmt.Sprintf("nats://127.0.0.1:%d", freePort(t)))
	s := newSource(t, httpclient.Options{}, cfg)
	for range 1000 {
		check(t, readError(t, s, source.Request{Closed: true}), source.KindAuth, source.StepConnect, refusedSentence)
	}
	testnats.Until(t, "the record of the refusal", func() bool { return ownStops(t, cluster[0]) > 0 })
	// Once more, alone, to learn why.
	if count := ownStops(t, cluster[0]); count > 2 {
		t.Errorf("refused %d times", count)
	}
}

// TestServerThatAcceptsAfterOneThatRefuses: each server is refused by for itself.
func TestServerThatAcceptsAfterOneThatRefuses(t *testing.T) {
	opts := accounts()
	opts.Users[0].Password = secret + "!"
	refusing, other := testnats.Start(t, opts), testnats.Start(t, accounts())
	s := newSource(t, httpclient.Options{}, as("admin", refusing, other))
	read(t, s, source.Request{Closed: true})
}

// advertising starts a cluster whose servers advertise addresses at which
// nobody says anything; the first can be started again.
func advertising(t *testing.T) (cluster []*testnats.Server, again func(), dialled *atomic.Int32) {
	t.Helper()
	dialled = &atomic.Int32{}
	ports := []int{freePort(t), freePort(t), freePort(t)}
	routes := []int{freePort(t), freePort(t), freePort(t)}
	start := func(i int) *testnats.Server {
		opts := accounts()
		opts.ServerName, opts.Port = names[i], ports[i]
		opts.ClientAdvertise = listen(t, func(net.Conn) { dialled.Add(1) })
		opts.Cluster = server.ClusterOpts{Name: testnats.ClusterName, Host: "127.0.0.1", Port: routes[i]}
		for _, port := range routes {
			opts.Routes = append(opts.Routes, &url.URL{Scheme: "nats", Host: fmt.Sprintf("127.0.0.1:%d", port)})
		}
		return testnats.Start(t, opts)
	}
	for i := range names {
		cluster = append(cluster, start(i))
	}
	for _, s := range cluster {
		s.AwaitPeers(t, len(names)-1)
	}
	return cluster, func() { start(0) }, dialled
}

// TestAdvertisedAddressesThatLeadNowhere cost little when the server restarts
// that we are connected to, and nothing if they are ignored.
func TestAdvertisedAddressesThatLeadNowhere(t *testing.T) {
	for name, ignore := range map[string]bool{"tried": false, "ignored": true} {
		t.Run(name, func(t *testing.T) {
			cluster, again, dialled := advertising(t)
			cfg := as("admin", cluster[0])
			cfg.IgnoreDiscovered = ignore
			s := newSource(t, httpclient.Options{}, cfg)
			readAll(t, s)
			cluster[0].Close()
			testnats.Until(t, "an attempt", func() bool { return ignore || dialled.Load() > 0 })
			back := time.Now()
			again()
			testnats.Until(t, "the others to answer", func() bool {
				answered := 0
				for _, reading := range s.Read(t.Context(), source.Request{Closed: true}) {
					if reading.Err == nil {
						answered++
					}
				}
				return answered >= 2
			})
			if took := time.Since(back); took > 5*time.Second {
				t.Errorf("it took %s", took)
			}
			if tried := dialled.Load(); tried > 0 == ignore {
				t.Errorf("%d attempts at what is advertised", tried)
			}
		})
	}
}

func TestPrivateInbox(t *testing.T) {
	opts := accounts()
	allowed := leastPrivilege()
	allowed.Subscribe.Allow = []string{"_INBOX_grafana.>"}
	opts.Users = append(opts.Users, &server.User{Username: "private", Password: secret, Account: opts.Accounts[0], Permissions: allowed})
	tenant := *allowed
	tenant.Publish = &server.SubjectPermission{Allow: []string{"$SYS.REQ.ACCOUNT.PING.CONNZ"}}
	opts.Users = append(opts.Users, &server.User{Username: "own", Password: secret, Account: opts.Accounts[1], Permissions: &tenant})
	ns := testnats.Start(t, opts)
	cfg := as("private", ns)
	check(t, readError(t, newSource(t, httpclient.Options{}, cfg), source.Request{Closed: true}),
		source.KindPermission, source.StepIdentity, "These credentials may not ask for this.")
	cfg.InboxPrefix = "_INBOX_grafana"
	read(t, newSource(t, httpclient.Options{}, cfg), source.Request{Closed: true, Open: true})
	cfg = as("own", ns)
	cfg.InboxPrefix, cfg.Account = "_INBOX_grafana", true
	read(t, newSource(t, httpclient.Options{}, cfg), source.Request{Closed: true, Open: true})
}

// TestBehindAWebIngress: over WebSockets, encrypted or not, with a path or not.
func TestBehindAWebIngress(t *testing.T) {
	opts := accounts()
	opts.Websocket = server.WebsocketOpts{Host: "127.0.0.1", Port: freePort(t), NoTLS: true}
	ns := testnats.Start(t, opts)
	web := fmt.Sprintf("127.0.0.1:%d", opts.Websocket.Port)
	authority := newAuthority(t)
	var never atomic.Bool
	ingress := listen(t, func(conn net.Conn) {
		go relay(t.Context(), tls.Server(conn, authority.serverTLS(false)), web, &never)
	})
	secure := httpclient.Options{TLS: &httpclient.TLSOptions{CACertificate: authority.pem, ServerName: "nats.test"}}
	for address, opts := range map[string]httpclient.Options{
		"ws://" + web: {}, "ws://" + web + "/nats": {}, "wss://" + ingress: secure,
	} {
		t.Run(address, func(t *testing.T) {
			cfg := as("reader", ns)
			cfg.Servers, cfg.TLS = []string{address}, opts.TLS != nil
			read(t, newSource(t, opts, cfg), source.Request{Closed: true, Open: true})
		})
	}
	t.Run("no ingress", func(t *testing.T) {
		cfg := natslink.Config{Servers: []string{"ws" + ns.MonitorURL[len("http"):]}}
		check(t, readError(t, newSource(t, httpclient.Options{}, cfg), source.Request{}),
			source.KindNetwork, source.StepConnect, "It could not be talked to as a NATS server.")
	})
}

func freePort(t *testing.T) int {
	t.Helper()
	port, err := testnats.FreePort(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

package testnats

import (
	"net/url"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
)

// ClusterName is what the clusters made here are called.
const ClusterName = "lab"

// StartCluster runs servers of these names as a cluster until the test ends.
// options gives each server's own; they must have a system account with which
// servers tell each other about themselves, as they do by default.
func StartCluster(t testing.TB, names []string, options func() *server.Options) []*Server {
	t.Helper()
	var servers []*Server
	for _, name := range names {
		opts := options()
		opts.ServerName = name
		opts.Cluster = server.ClusterOpts{Name: ClusterName, Host: "127.0.0.1", Port: server.RANDOM_PORT}
		if len(servers) > 0 {
			route, err := url.Parse(servers[0].RouteURL)
			if err != nil {
				t.Fatal(err)
			}
			opts.Routes = []*url.URL{route}
		}
		servers = append(servers, Start(t, opts))
	}
	for _, s := range servers {
		s.AwaitPeers(t, len(names)-1)
	}
	return servers
}

// AwaitPeers waits until the server knows that many others. It must run inside
// this process.
func (s *Server) AwaitPeers(t testing.TB, count int) {
	t.Helper()
	Until(t, "the cluster", func() bool { return len(s.ns.ActivePeers()) >= count })
}

// EnterLameDuck makes the server tell its clients to leave, and shut down
// after the time that its options give.
func (s *Server) EnterLameDuck() { go s.ns.LameDuckShutdown() }

// MessagesFrom is how many messages the client of that name has sent to the
// server, which must run inside this process.
func (s *Server) MessagesFrom(t testing.TB, client string) int64 {
	t.Helper()
	connz, err := s.ns.Connz(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range connz.Conns {
		if c.Name == client {
			return c.InMsgs
		}
	}
	t.Fatalf("%s is not connected", client)
	return 0
}

package testnats

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
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

// AwaitPeers waits until the server knows that many others.
func (s *Server) AwaitPeers(t testing.TB, count int) {
	t.Helper()
	Until(t, "the cluster", func() bool { return s.peers(t) >= count })
}

func (s *Server) peers(t testing.TB) int {
	t.Helper()
	if s.ns != nil {
		return len(s.ns.ActivePeers())
	}
	var routez struct {
		Routes []struct {
			ID string `json:"remote_id"`
		} `json:"routes"`
	}
	s.ask(t, "/routez", &routez)
	peers := map[string]bool{}
	for _, route := range routez.Routes {
		peers[route.ID] = true
	}
	return len(peers)
}

// EnterLameDuck makes the server tell its clients to leave, and shut down
// after the time that its options give.
func (s *Server) EnterLameDuck(t testing.TB) {
	t.Helper()
	if s.ns != nil {
		go s.ns.LameDuckShutdown()
		return
	}
	command := s.process.command
	signal := fmt.Sprintf("ldm=%d", command.Process.Pid)
	if output, err := exec.CommandContext(t.Context(), command.Path, "--signal", signal).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
}

// Connections is how many clients are connected now.
func (s *Server) Connections(t testing.TB) int {
	t.Helper()
	var varz struct {
		Connections int `json:"connections"`
	}
	s.ask(t, "/varz", &varz)
	return varz.Connections
}

// MessagesFrom is how many messages the client of that name has sent to the
// server.
func (s *Server) MessagesFrom(t testing.TB, client string) int64 {
	t.Helper()
	var connz struct {
		Connections []struct {
			Name string `json:"name"`
			Sent int64  `json:"in_msgs"`
		} `json:"connections"`
	}
	s.ask(t, "/connz", &connz)
	for _, c := range connz.Connections {
		if c.Name == client {
			return c.Sent
		}
	}
	t.Fatalf("%s is not connected", client)
	return 0
}

// ask reads what the server's monitoring says, without leaving a connection.
func (s *Server) ask(t testing.TB, path string, into any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.MonitorURL+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}

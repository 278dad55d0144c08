// Package testnats runs real NATS servers for tests and benchmarks: this
// module's own release inside the process, other releases as processes.
package testnats

import (
	"fmt"
	"net"
	"os"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// readyWithin is how long a server may take to start.
const readyWithin = 30 * time.Second

// Server is a running NATS server.
type Server struct {
	// ClientURL is where clients connect, such as nats://127.0.0.1:4222.
	ClientURL string
	// MonitorURL is the base URL of the monitoring endpoints.
	MonitorURL string
	// Addr is the clients' host and port.
	Addr string
	// RouteURL is where other servers of the cluster connect; empty without cluster.
	RouteURL string
	// PID is the server's process id; 0 if it runs inside this process.
	PID     int
	ns      *server.Server // nil if it is a process of its own
	process *process       // nil if it is not
	stop    func()
}

// Close stops the server; more than once does no harm.
func (s *Server) Close() { s.stop() }

// Kill ends the server without a goodbye; it must be a process of its own.
func (s *Server) Kill() { s.process.end(os.Kill) }

// Start runs a server of [Version] on loopback until the test ends. opts may be
// nil; ports that it does not set are free ones.
func Start(t testing.TB, opts *server.Options) *Server {
	t.Helper()
	if version := Version(); version != Current {
		if opts == nil {
			opts = &server.Options{}
		}
		config, err := configuration(opts, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		s := StartVersion(t, version, config)
		s.MonitorURL += opts.HTTPBasePath
		return s
	}
	s, err := Run(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Run is [Start] for programs that are no tests.
func Run(opts *server.Options) (*Server, error) {
	if opts == nil {
		opts = &server.Options{}
	}
	opts.NoLog, opts.NoSigs = true, true
	if opts.Host == "" {
		opts.Host = "127.0.0.1"
	}
	if opts.Port == 0 {
		opts.Port = server.RANDOM_PORT
	}
	if opts.HTTPHost == "" {
		opts.HTTPHost = "127.0.0.1"
	}
	secure := opts.HTTPSPort != 0
	if opts.HTTPPort == 0 && !secure {
		opts.HTTPPort = server.RANDOM_PORT
	}
	ns, err := server.NewServer(opts)
	if err != nil {
		return nil, fmt.Errorf("making a NATS server: %w", err)
	}
	ns.Start()
	if !ns.ReadyForConnections(readyWithin) {
		ns.Shutdown()
		return nil, fmt.Errorf("the NATS server is not ready after %s", readyWithin)
	}
	scheme := "http"
	if secure {
		scheme = "https"
	}
	route := ""
	if addr := ns.ClusterAddr(); addr != nil {
		route = "nats://" + addr.String()
	}
	return &Server{
		ns:         ns,
		RouteURL:   route,
		ClientURL:  ns.ClientURL(),
		MonitorURL: fmt.Sprintf("%s://%s%s", scheme, ns.MonitorAddr(), opts.HTTPBasePath),
		Addr:       ns.Addr().String(),
		stop: func() {
			ns.Shutdown()
			ns.WaitForShutdown()
		},
	}, nil
}

// NeedAddresses fails the test where loopback has one address only: Linux alone
// answers at all of 127.0.0.0/8.
func NeedAddresses(t testing.TB) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.2:0")
	if err != nil {
		t.Fatal("servers need addresses of their own; add 127.0.0.2 and 127.0.0.3 to the loopback interface, "+
			"as by ifconfig lo0 alias 127.0.0.2: ", err)
	}
	_ = listener.Close()
}

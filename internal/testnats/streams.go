package testnats

import (
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// StartWithStreams runs a server with JetStream until the test ends.
func StartWithStreams(t testing.TB, opts *server.Options) *Server {
	t.Helper()
	if opts == nil {
		opts = &server.Options{}
	}
	if opts.JetStream = true; opts.StoreDir == "" {
		opts.StoreDir = t.TempDir()
	}
	return Start(t, opts)
}

// Streams is a client of the server's JetStream, as a user may be.
func (s *Server) Streams(t testing.TB, options ...nats.Option) jetstream.JetStream {
	t.Helper()
	conn, err := nats.Connect(s.ClientURL, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

package natsrequest_test

import (
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/nats-io/nats-server/v2/server"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// TestServersTellWhatTheyAllow: beside the reads, to a login that may ask.
func TestServersTellWhatTheyAllow(t *testing.T) {
	options := accounts()
	options.MaxConn, options.MaxPending, options.MaxPayload, options.MaxControlLine = 77, 1<<20, 2048, 1024
	options.Users = append(options.Users, &server.User{
		Username: "without", Password: secret, Account: options.Accounts[0], Permissions: &server.Permissions{
			Publish: &server.SubjectPermission{Allow: []string{"$SYS.REQ.SERVER.PING.STATSZ", "$SYS.REQ.SERVER.*.CONNZ"}},
		},
	})
	n1 := testnats.Start(t, options)
	want := model.Limits{MaxConnections: 77, MaxPending: 1 << 20, MaxPayload: 2048, MaxControlLine: 1024}
	s := newSource(t, httpclient.Options{}, as("reader", n1))
	testnats.Until(t, "the limits to be told", func() bool {
		return read(t, s, source.Request{Closed: true})[0].Server.Limits == want
	})
	refused := newSource(t, httpclient.Options{}, as("without", n1))
	for range 3 {
		if got := read(t, refused, source.Request{Closed: true})[0].Server.Limits; got != (model.Limits{}) {
			t.Errorf("told %+v to who may not ask", got)
		}
	}
}

package httpmonitor

import (
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
)

const (
	// DefaultTimeout bounds one request when the data source sets no timeout.
	DefaultTimeout = 10 * time.Second
	// defaultPageSize holds a default ring of 10,000 in one page: only one page
	// is a consistent snapshot (nats-server.md#pages-are-snapshots-of-their-own).
	defaultPageSize = 16384
	maxConcurrent   = 64
	// idlePerServer is enough for concurrent reads of one server without
	// holding many of its sockets open.
	idlePerServer = 2
)

type config struct {
	pageSize int
	maxBody  int64
	// bound is how long a whole read may take.
	bound time.Duration
	// resolver is set if a host name means all its addresses.
	resolver     *net.Resolver
	resolveEvery time.Duration
}

// newClient builds the SDK's client. Closing idle connections needs the
// transport itself: the SDK's middlewares hide it from [http.Client].
func newClient(opts httpclient.Options) (*http.Client, func(), error) {
	timeouts := httpclient.DefaultTimeoutOptions
	if opts.Timeouts != nil {
		timeouts = *opts.Timeouts
	}
	timeouts.Timeout = timeoutOf(opts)
	timeouts.MaxIdleConnsPerHost, timeouts.MaxIdleConns = idlePerServer, 0
	opts.Timeouts = &timeouts

	closeIdle := func() {}
	configure := opts.ConfigureTransport
	opts.ConfigureTransport = func(o httpclient.Options, transport *http.Transport) {
		if configure != nil {
			configure(o, transport)
		}
		closeIdle = transport.CloseIdleConnections
	}
	client, err := httpclient.New(opts)
	if err != nil {
		return nil, nil, fmt.Errorf("the HTTP settings cannot be used: %w", err)
	}
	// A redirect would send the configured headers to wherever it points.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return client, closeIdle, nil
}

func timeoutOf(opts httpclient.Options) time.Duration {
	if opts.Timeouts == nil || opts.Timeouts.Timeout <= 0 {
		return DefaultTimeout
	}
	return opts.Timeouts.Timeout
}

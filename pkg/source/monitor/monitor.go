// Package monitor reads NATS servers over their HTTP monitoring endpoints.
package monitor

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/stops"
)

const (
	// DefaultTimeout bounds one request when the data source sets no timeout.
	DefaultTimeout = 10 * time.Second
	// defaultPageSize holds a default ring of 10,000 in one page: only one page
	// is a consistent snapshot (nats-server monitor.go:525-567).
	defaultPageSize = 16384
	defaultMaxBody  = 64 << 20
	maxConcurrent   = 64
	// idlePerServer is enough for concurrent reads of one server without
	// holding many of its sockets open.
	idlePerServer = 2
)

// Source reads every configured server side by side.
type Source struct {
	client    *http.Client
	closeIdle func()
	endpoints []*endpoint
}

var _ source.Source = (*Source)(nil)

type config struct {
	pageSize int
	maxBody  int64
}

// Option changes a default of [New].
type Option func(*config)

// WithPageSize sets how many records one request asks for.
func WithPageSize(records int) Option { return func(c *config) { c.pageSize = records } }

// WithMaxBody sets how many bytes of one answer are accepted.
func WithMaxBody(bytes int64) Option { return func(c *config) { c.maxBody = bytes } }

// New makes a source for the monitoring endpoints at urls; it does not dial.
// opts are the data source's: TLS, authentication, headers, timeouts and proxy
// are the SDK's business.
func New(opts httpclient.Options, urls []string, options ...Option) (*Source, error) {
	cfg := config{pageSize: defaultPageSize, maxBody: defaultMaxBody}
	for _, option := range options {
		option(&cfg)
	}
	client, closeIdle, err := newClient(opts)
	if err != nil {
		return nil, err
	}
	s := &Source{client: client, closeIdle: closeIdle}
	for _, raw := range urls {
		e, err := newEndpoint(raw, client, cfg)
		if err != nil {
			return nil, err
		}
		s.endpoints = append(s.endpoints, e)
	}
	return s, nil
}

// newClient builds the SDK's client. Closing idle connections needs the
// transport itself: the SDK's middlewares hide it from [http.Client].
func newClient(opts httpclient.Options) (*http.Client, func(), error) {
	timeouts := httpclient.DefaultTimeoutOptions
	if opts.Timeouts != nil {
		timeouts = *opts.Timeouts
	}
	if timeouts.Timeout <= 0 {
		timeouts.Timeout = DefaultTimeout
	}
	timeouts.MaxIdleConnsPerHost = idlePerServer
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

// Read implements [source.Source].
func (s *Source) Read(ctx context.Context, req source.Request) []stops.Reading {
	readings := make([]stops.Reading, len(s.endpoints))
	slots := make(chan struct{}, maxConcurrent)
	var wg sync.WaitGroup
	for i, e := range s.endpoints {
		slots <- struct{}{}
		wg.Go(func() {
			readings[i] = e.read(ctx, req)
			<-slots
		})
	}
	wg.Wait()
	countOnce(readings)
	return readings
}

// Close implements [source.Source].
func (s *Source) Close() {
	for _, e := range s.endpoints {
		e.rest.retire()
	}
	s.closeIdle()
}

// countOnce empties the readings of servers that an earlier endpoint led to.
func countOnce(readings []stops.Reading) {
	first := map[string]string{}
	for i := range readings {
		r := &readings[i]
		if r.Err != nil {
			continue
		}
		other, seen := first[r.Server.ID]
		if !seen {
			first[r.Server.ID] = r.Endpoint
			continue
		}
		r.Ring, r.Closed, r.Open, r.Repeated = stops.RingNotAsked, nil, nil, true
		r.Err = &source.Error{
			Kind: source.KindConfiguration, Step: source.StepIdentity, Endpoint: r.Endpoint,
			Sentence: "This is the same server as " + other + ", so it was counted once.",
			Hint:     "Remove one of the two URLs, or list each server's own URL if this one leads to a load balancer.",
			Cause:    source.ErrSameServer,
		}
	}
}

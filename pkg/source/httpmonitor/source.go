package httpmonitor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/grafana/grafana-plugin-sdk-go/backend/proxy"

	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// Source reads every configured server side by side.
type Source struct {
	sites []*site
	bound time.Duration
}

var _ source.Source = (*Source)(nil)

// Option changes a default of [New].
type Option func(*config)

// WithAllAddresses makes each URL's host name mean every address it has, each
// of which is a server.
func WithAllAddresses() Option { return WithResolver(net.DefaultResolver, resolveEvery) }

// WithResolver is [WithAllAddresses] with a resolver, asked no more often than every.
func WithResolver(resolver *net.Resolver, every time.Duration) Option {
	return func(c *config) { c.resolver, c.resolveEvery = resolver, every }
}

// WithPageSize sets how many records one request asks for.
func WithPageSize(records int) Option { return func(c *config) { c.pageSize = records } }

// WithMaxBody sets how many bytes of one answer are accepted.
func WithMaxBody(bytes int64) Option { return func(c *config) { c.maxBody = bytes } }

// WithBound sets how long a whole read may take.
func WithBound(bound time.Duration) Option { return func(c *config) { c.bound = bound } }

// New makes a source for the monitoring endpoints at urls; it does not dial.
// opts are the data source's: TLS, authentication, headers, timeouts and proxy
// are the SDK's business.
func New(opts httpclient.Options, urls []string, options ...Option) (*Source, error) {
	cfg := config{pageSize: defaultPageSize, maxBody: defaultMaxBody, bound: source.Bound(timeoutOf(opts))}
	for _, option := range options {
		option(&cfg)
	}
	if cfg.resolver != nil && proxy.New(opts.ProxyOptions).SecureSocksProxyEnabled() {
		return nil, errors.New("resolveAll and the secure socks proxy exclude each other, because names are resolved beyond the proxy: " +
			"turn one of them off, and list each server's own URL")
	}
	s := &Source{bound: cfg.bound}
	for _, raw := range urls {
		u, err := url.Parse(raw)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("%q is not the URL of a monitoring endpoint", raw)
		}
		site, err := newSite(u, opts, cfg)
		if err != nil {
			return nil, err
		}
		s.sites = append(s.sites, site)
	}
	return s, nil
}

// Read implements [source.Source].
func (s *Source) Read(waited context.Context, req source.Request) []model.Reading {
	ctx, cancel := context.WithTimeout(waited, s.bound)
	defer cancel()
	began := time.Now()
	answers := make([][]answer, len(s.sites))
	slots := make(chan struct{}, maxConcurrent)
	var wg guard.Group
	for i, site := range s.sites {
		wg.Go(func() { answers[i] = site.ask(ctx, req, slots) })
	}
	wg.Wait()
	r := newRound(answers, began, time.Now())
	var readings []model.Reading
	for i, site := range s.sites {
		readings = append(readings, site.account(waited, answers[i], r)...)
	}
	countOnce(readings)
	return readings
}

// Forget implements [source.Source].
func (s *Source) Forget(serverID string) {
	for _, site := range s.sites {
		site.forgetServer(serverID)
	}
}

// Rest implements [source.Source].
func (s *Source) Rest() {
	for _, site := range s.sites {
		site.closeIdle()
	}
}

// Close implements [source.Source].
func (s *Source) Close() {
	for _, site := range s.sites {
		site.close()
	}
}

// countOnce empties the readings of servers that an earlier endpoint led to.
func countOnce(readings []model.Reading) {
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
		r.Ring, r.Closed, r.Open, r.Repeated = model.RingNotAsked, nil, nil, true
		r.Err = &source.Error{
			Kind: source.KindConfiguration, Step: source.StepIdentity, Endpoint: r.Endpoint,
			Sentence: "This is the same server as " + other + ", so it was counted once.",
			Hint:     "Remove one of the two URLs, or list each server's own URL if this one leads to a load balancer.",
			Cause:    source.ErrSameServer,
		}
	}
}

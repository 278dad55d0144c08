package httpmonitor

import (
	"context"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/membership"
)

const (
	// resolveEvery is how long what DNS said is good enough.
	resolveEvery = 5 * time.Second
	// shortWait is for what there is an alternative to: DNS that failed before or
	// told addresses before, and addresses that it does not list any more.
	shortWait = 2 * time.Second
	// askedFor is how long an address that left DNS is asked without an answer;
	// after that it may be anybody's, who must not be sent a login.
	askedFor = 3 * time.Minute
)

// site is one configured URL: one endpoint or, if its host name means all its
// addresses, one for each of them.
type site struct {
	config
	base      url.URL
	label     string
	client    *http.Client
	closeIdle func()
	only      *endpoint // nil if the host name is resolved

	// turn is held by who asks DNS.
	turn       chan struct{}
	resolvedAt time.Time
	failure    error

	mu      sync.Mutex
	closed  bool
	places  map[netip.Addr]*place
	members map[string]*membership.Member // by server id
}

// place is an address that the host name has or had.
type place struct {
	*endpoint
	// listed: DNS said so when it was last asked.
	listed bool
	// last is who answered here last, nil if nobody ever did.
	last *membership.Member
	// silent is since when nobody answers, left since when who did is elsewhere.
	silent, left time.Time
}

// answer is what came of asking one place.
type answer struct {
	*place
	listed  bool
	reading model.Reading
}

func newSite(u *url.URL, opts httpclient.Options, cfg config) (*site, error) {
	base := url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(u.Path, "/")}
	s := &site{config: cfg, base: base, label: base.Host + base.Path, turn: make(chan struct{}, 1),
		places: map[netip.Addr]*place{}, members: map[string]*membership.Member{}}
	_, notAnAddress := netip.ParseAddr(base.Hostname())
	byName := cfg.resolver != nil && notAnAddress != nil
	if byName {
		opts = namedOptions(opts, base.Hostname())
	}
	var err error
	if s.client, s.closeIdle, err = newClient(opts); err != nil {
		return nil, err
	}
	if !byName {
		s.only = &endpoint{config: cfg, client: s.client, base: base.String(), label: s.label}
	}
	return s, nil
}

// namedOptions are for requests to addresses of name: certificates are for the
// name. Who can resolve it here is asked without an HTTP proxy, which would
// resolve it once more and choose one address.
func namedOptions(opts httpclient.Options, name string) httpclient.Options {
	tls := httpclient.TLSOptions{}
	if opts.TLS != nil {
		tls = *opts.TLS
	}
	if tls.ServerName == "" {
		tls.ServerName = name
	}
	opts.TLS = &tls
	configure := opts.ConfigureTransport
	opts.ConfigureTransport = func(o httpclient.Options, transport *http.Transport) {
		if configure != nil {
			configure(o, transport)
		}
		transport.Proxy = nil
	}
	return opts
}

// ask reads every place that is worth it, in the order of addresses.
func (s *site) ask(ctx context.Context, req source.Request, slots chan struct{}) []answer {
	if s.only != nil {
		slots <- struct{}{}
		defer func() { <-slots }()
		return []answer{{listed: true, reading: s.only.read(ctx, req)}}
	}
	failure := s.resolve(ctx)
	answers := s.worthAsking(time.Now())
	var wg guard.Group
	for i := range answers {
		a := &answers[i]
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			a.reading = a.read(ctx, req)
		})
	}
	wg.Wait()
	if failure != nil {
		answers = append(answers, answer{listed: true, reading: model.Reading{Endpoint: s.label, Err: failure}})
	}
	return answers
}

// read does not wait long for a place that DNS does not list any more.
func (a *answer) read(ctx context.Context, req source.Request) model.Reading {
	if a.listed {
		return a.endpoint.read(ctx, req)
	}
	soon, cancel := context.WithTimeout(ctx, shortWait)
	defer cancel()
	r := a.endpoint.read(soon, source.Request{Patient: req.Patient})
	if r.Err == nil {
		hello := r
		r = a.endpoint.read(ctx, req)
		r.Asked, r.Bytes = append(hello.Asked, r.Asked...), hello.Bytes+r.Bytes
	}
	return r
}

func (s *site) worthAsking(now time.Time) []answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	var answers []answer
	for _, addr := range slices.SortedFunc(maps.Keys(s.places), netip.Addr.Compare) {
		p := s.places[addr]
		if p.listed || p.silent.IsZero() || now.Sub(p.silent) < askedFor {
			answers = append(answers, answer{place: p, listed: p.listed})
		}
	}
	return answers
}

// resolve asks DNS, unless it was asked just before. While it fails, the
// addresses that were known stay listed.
func (s *site) resolve(ctx context.Context) error {
	r := reader{endpoint: &endpoint{label: s.label}}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return r.unreachable(source.StepIdentity, ctx.Err())
	}
	if !s.resolvedAt.IsZero() && time.Since(s.resolvedAt) < s.resolveEvery {
		return s.failure
	}
	wait := s.client.Timeout
	if s.failure != nil || s.knowsAny() {
		wait = min(wait, shortWait)
	}
	bounded, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	found, err := s.resolver.LookupNetIP(bounded, "ip", s.base.Hostname())
	if ctx.Err() != nil {
		return r.unreachable(source.StepIdentity, ctx.Err())
	}
	s.resolvedAt, s.failure = time.Now(), nil
	if err != nil {
		s.failure = r.fail(source.StepIdentity, source.Unresolved.Kind, err, source.Unresolved.Sentence, source.Unresolved.Hint)
		return s.failure
	}
	s.list(found)
	return nil
}

func (s *site) knowsAny() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.places) > 0
}

// list takes what DNS says now.
func (s *site) list(found []netip.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.places {
		p.listed = false
	}
	for _, addr := range found {
		addr = addr.Unmap()
		if s.places[addr] == nil {
			s.places[addr] = &place{endpoint: s.endpointAt(addr)}
			if s.closed {
				s.places[addr].breaker.Retire()
			}
		}
		s.places[addr].listed = true
	}
}

func (s *site) endpointAt(addr netip.Addr) *endpoint {
	at := s.base
	switch port := s.base.Port(); {
	case port != "":
		at.Host = net.JoinHostPort(addr.String(), port)
	case addr.Is6():
		at.Host = "[" + addr.String() + "]"
	default:
		at.Host = addr.String()
	}
	return &endpoint{
		config: s.config, client: s.client, base: at.String(), host: s.base.Host,
		label: at.Host + at.Path + " of " + s.base.Hostname(),
	}
}

func (s *site) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.only != nil {
		s.only.breaker.Retire()
	}
	for _, p := range s.places {
		p.breaker.Retire()
	}
	s.closeIdle()
}

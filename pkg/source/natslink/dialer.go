package natslink

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/grafana/grafana-plugin-sdk-go/backend/proxy"
	netproxy "golang.org/x/net/proxy"
)

// errSkipped is about an address whose turn it is not.
var errSkipped = errors.New("another address is tried")

// dialer opens sockets to servers, through Grafana's secure socks proxy where
// the data source says so. The library bounds only its own dialer in time, so
// this one bounds itself.
type dialer struct {
	dial    func(ctx context.Context, network, address string) (net.Conn, error)
	life    context.Context
	timeout time.Duration
	route   *route

	mu   sync.Mutex
	only string // if set, no other address is dialled
	last error
	// opened: since then a socket was.
	opened bool
}

// newDialer makes a dialer whose sockets end with life; proxied tells whether
// it goes through the proxy.
func newDialer(life context.Context, opts httpclient.Options, r *route, timeout time.Duration) (d *dialer, proxied bool, err error) {
	d = &dialer{dial: (&net.Dialer{}).DialContext, life: life, timeout: timeout, route: r}
	via := proxy.New(opts.ProxyOptions)
	if !via.SecureSocksProxyEnabled() {
		return d, false, nil
	}
	through, err := via.NewSecureSocksProxyContextDialer()
	if err != nil {
		return nil, false, fmt.Errorf("the secure socks proxy cannot be used: %w", err)
	}
	withContext, ok := through.(netproxy.ContextDialer)
	if !ok {
		return nil, false, fmt.Errorf("the secure socks proxy's dialer is a %T without context", through)
	}
	d.dial = withContext.DialContext
	return d, true, nil
}

// Dial implements [nats.CustomDialer].
func (d *dialer) Dial(network, address string) (net.Conn, error) {
	if only := d.restricted(); only != "" && only != address {
		return nil, errSkipped
	}
	timeout := d.route.allowance(address, d.timeout)
	until := time.Now().Add(timeout)
	ctx, cancel := context.WithTimeout(d.life, timeout)
	defer cancel()
	conn, err := d.dial(ctx, network, address)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last = err
	if err != nil {
		return nil, err
	}
	d.opened = true
	d.route.opened(address)
	return &socket{Conn: conn, release: context.AfterFunc(d.life, func() { _ = conn.Close() }), until: until}, nil
}

// restrict lets one address be dialled alone, or all again.
func (d *dialer) restrict(only string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.only, d.last, d.opened = only, nil, false
}

// wasOpened reports whether somebody answered since the last restriction.
func (d *dialer) wasOpened() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.opened
}

func (d *dialer) restricted() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.only
}

// lastError is why the last dial failed; the library keeps that to itself when
// a server refuses the connection.
func (d *dialer) lastError() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.last
}

type socket struct {
	net.Conn
	release func() bool
	// until is when the server must have let us in.
	until time.Time
}

func (s *socket) Close() error {
	s.release()
	return s.Conn.Close()
}

// SetDeadline implements [net.Conn]; the library takes it away once we are in.
func (s *socket) SetDeadline(t time.Time) error { return s.Conn.SetDeadline(s.sooner(t)) }

// SetReadDeadline implements [net.Conn].
func (s *socket) SetReadDeadline(t time.Time) error { return s.Conn.SetReadDeadline(s.sooner(t)) }

func (s *socket) sooner(t time.Time) time.Time {
	if t.IsZero() || t.Before(s.until) {
		return t
	}
	return s.until
}

package natsrequest

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/grafana/grafana-plugin-sdk-go/backend/proxy"
	netproxy "golang.org/x/net/proxy"
)

// dialer opens sockets to servers, through Grafana's secure socks proxy where
// the data source says so. The library bounds only its own dialer in time, so
// this one bounds itself.
type dialer struct {
	dial    func(ctx context.Context, network, address string) (net.Conn, error)
	life    context.Context
	timeout time.Duration

	mu   sync.Mutex
	last error
}

// newDialer makes a dialer whose sockets end with life; proxied tells whether
// it goes through the proxy.
func newDialer(life context.Context, opts httpclient.Options, timeout time.Duration) (d *dialer, proxied bool, err error) {
	d = &dialer{dial: (&net.Dialer{}).DialContext, life: life, timeout: timeout}
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
	ctx, cancel := context.WithTimeout(d.life, d.timeout)
	defer cancel()
	conn, err := d.dial(ctx, network, address)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last = err
	if err != nil {
		return nil, err
	}
	return &socket{Conn: conn, release: context.AfterFunc(d.life, func() { _ = conn.Close() })}, nil
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
}

func (s *socket) Close() error {
	s.release()
	return s.Conn.Close()
}

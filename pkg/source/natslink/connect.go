package natslink

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/nats-io/nats.go"

	"github.com/natsops/nats-connections-datasource/pkg/guard"
)

// New makes a link; it does not dial, and outlives ctx. TLS and proxy are those
// of opts; timeout bounds each attempt.
func New(ctx context.Context, opts httpclient.Options, cfg Config, timeout time.Duration) (*Link, error) {
	connecting, err := natsOptions(opts, cfg, timeout)
	if err != nil {
		return nil, err
	}
	sockets, cancel := context.WithCancel(context.WithoutCancel(ctx))
	route := newRoute(cfg.Servers)
	dialer, proxied, err := newDialer(sockets, opts, route, timeout)
	if err != nil {
		cancel()
		return nil, err
	}
	l := &Link{
		servers: cfg.Servers, dialer: dialer, route: route, timeout: timeout, cancel: cancel,
		denials: map[string]denial{}, asking: map[*asking]struct{}{},
		hearings: hearings{all: map[*hearing]struct{}{}},
	}
	// Names are resolved where the sockets are opened, which may be beyond the proxy.
	l.options = connecting
	l.options = append(l.options, nats.SetCustomDialer(dialer), nats.SkipHostLookup(),
		nats.ReconnectToServer(l.route.choose),
		nats.ErrorHandler(func(conn *nats.Conn, _ *nats.Subscription, err error) { l.complaint(conn, err) }),
		nats.DisconnectErrHandler(func(conn *nats.Conn, _ error) { l.lost(conn) }),
		nats.ReconnectHandler(l.found))
	if proxied {
		// What servers say of each other's addresses may not hold there.
		l.options = append(l.options, nats.IgnoreDiscoveredServers())
	}
	return l, nil
}

// Connection returns the connection once it works. A patient caller waits also
// where the last one waited in vain.
func (l *Link) Connection(ctx context.Context, patient bool) (*nats.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, l.timeout)
	defer cancel()
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return nil, ErrClosed
	}
	if l.conn != nil && !l.conn.IsClosed() {
		conn, online, left := l.conn, l.online, time.Until(l.lostAt.Add(lostFor))
		l.mu.Unlock()
		return conn, l.wait(ctx, online, left)
	}
	under := l.begin(patient)
	hung := l.hung
	l.mu.Unlock()
	if hung != nil && !patient {
		return nil, hung
	}
	select {
	case <-under.done:
		return under.conn, under.err
	case <-ctx.Done():
		l.mu.Lock()
		defer l.mu.Unlock()
		if errors.Is(ctx.Err(), context.DeadlineExceeded) && l.conn == nil {
			l.hung = ctx.Err()
		}
		return nil, ctx.Err()
	}
}

// begin returns the attempt under way, or begins one.
func (l *Link) begin(patient bool) *attempt {
	if l.attempt != nil {
		return l.attempt
	}
	under := &attempt{done: make(chan struct{})}
	l.attempt = under
	l.online = make(chan struct{})
	close(l.online)
	go func() {
		defer close(under.done)
		defer l.listen()
		var conn *nats.Conn
		var err error
		if fault := guard.Run(l.dialer.life, "the connection to NATS", func() { conn, err = l.connect(patient) }); fault != nil {
			err = fault
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		l.attempt = nil
		switch {
		case err != nil:
			under.err = err
			if l.hung = nil; IsTimeout(err) {
				l.hung = err
			}
		case l.closed:
			under.err = ErrClosed
			conn.Close()
		default:
			under.conn, l.conn, l.hung = conn, conn, nil
			l.route.found(conn.ConnectedUrl())
			if !conn.IsConnected() {
				l.isLost()
			}
		}
	}()
	return under
}

// connect tries one server after the other, save those that refused us lately:
// they are asked again only by who has patience. The library keeps all errors
// but the last to itself, so each server has an attempt of its own.
func (l *Link) connect(patient bool) (*nats.Conn, error) {
	defer l.dialer.restrict("")
	var errs []error
	for _, server := range l.servers {
		before := l.denials[server]
		if !patient && time.Now().Before(before.until) {
			errs = append(errs, before.err)
			continue
		}
		conn, err := l.connectTo(server)
		switch {
		case err == nil:
			clear(l.denials)
			return conn, nil
		case isDenial(err):
			l.denials[server] = before.again(err, time.Now())
		case l.dialer.wasOpened() && !IsTimeout(err):
			l.denials[server] = before.shutAgain(err, time.Now())
		default:
			delete(l.denials, server)
		}
		errs = append(errs, err)
	}
	return nil, telling(errs)
}

// connectTo connects to one server, with the others to go to later. Where the
// library hides behind others why this one did not let us in, it is asked
// once more alone.
func (l *Link) connectTo(server string) (*nats.Conn, error) {
	l.dialer.restrict(addressOf(server))
	conn, err := nats.Connect(strings.Join(l.endingAt(server), ","), l.options...)
	if errors.Is(err, errSkipped) {
		conn, err = nats.Connect(server, append(slices.Clone(l.options), nats.IgnoreDiscoveredServers())...)
	}
	if errors.Is(err, nats.ErrNoServers) {
		err = errors.Join(err, l.dialer.lastError())
	}
	return conn, err
}

// endingAt lists the servers with this one last: only the last one's error
// is told.
func (l *Link) endingAt(server string) []string {
	others := slices.DeleteFunc(slices.Clone(l.servers), func(other string) bool { return other == server })
	return append(others, server)
}

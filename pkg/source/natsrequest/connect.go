package natsrequest

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// attempt is a connection being made, until done is closed.
type attempt struct {
	done chan struct{}
	conn *nats.Conn
	err  error
}

// begin returns the attempt under way, or begins one.
func (l *link) begin(patient bool) *attempt {
	if l.attempt != nil {
		return l.attempt
	}
	under := &attempt{done: make(chan struct{})}
	l.attempt = under
	l.online = make(chan struct{})
	close(l.online)
	go func() {
		defer close(under.done)
		conn, err := l.connect(patient)
		l.mu.Lock()
		defer l.mu.Unlock()
		l.attempt = nil
		switch {
		case err != nil:
			under.err = err
			if l.hung = nil; isTimeout(err) {
				l.hung = err
			}
		case l.closed:
			under.err = errClosed
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
func (l *link) connect(patient bool) (*nats.Conn, error) {
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
func (l *link) connectTo(server string) (*nats.Conn, error) {
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
func (l *link) endingAt(server string) []string {
	others := slices.DeleteFunc(slices.Clone(l.servers), func(other string) bool { return other == server })
	return append(others, server)
}

package natslink

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// lostFor is how long a lost connection is waited for: clients find another
// server of the cluster at once, if there is one.
const lostFor = time.Second

// What ends requests apart from their own answers.
var (
	ErrLost   = errors.New("the connection is lost")
	ErrClosed = errors.New("the data source is closed")
)

// Link is the connection to NATS: made when it is first needed, and kept.
type Link struct {
	servers []string
	options []nats.Option
	dialer  *dialer
	route   *route
	timeout time.Duration
	// denials are how servers refused us; the attempt under way alone uses them.
	denials map[string]denial
	// cancel ends what is dialled.
	cancel   context.CancelFunc
	hearings hearings

	mu      sync.Mutex
	conn    *nats.Conn
	attempt *attempt
	// hung is how the last attempt ran into its timeout; nobody waits for the next.
	hung   error
	online chan struct{} // closed while connected
	lostAt time.Time
	closed bool
	// asking are the requests under way, to be ended when they are refused.
	asking map[*asking]struct{}
}

// attempt is a connection being made, until done is closed.
type attempt struct {
	done chan struct{}
	conn *nats.Conn
	err  error
}

type asking struct {
	subject string
	cancel  context.CancelCauseFunc
}

// wait returns when the connection is there, or an error if it is not soon.
func (l *Link) wait(ctx context.Context, online <-chan struct{}, left time.Duration) error {
	select {
	case <-online:
		return nil
	default:
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-online:
		return nil
	case <-timer.C:
		return ErrLost
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Renew leaves a server that does not answer any more for another one.
func (l *Link) Renew() error {
	l.mu.Lock()
	conn := l.conn
	l.mu.Unlock()
	if conn == nil {
		return ErrLost
	}
	l.route.avoid()
	l.lost(conn)
	return conn.ForceReconnect()
}

// Back returns when the connection is there again, or an error if it is not soon.
func (l *Link) Back(ctx context.Context, soon time.Duration) error {
	l.mu.Lock()
	online := l.online
	l.mu.Unlock()
	return l.wait(ctx, online, soon)
}

// lost and found keep track of the connection's state. What was asked on a
// connection that is lost is never answered. A connection that was given up
// may still tell of its end.
func (l *Link) lost(conn *nats.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if conn == l.conn {
		l.isLost()
	}
}

func (l *Link) isLost() {
	select {
	case <-l.online:
		l.online, l.lostAt = make(chan struct{}), time.Now()
	default:
	}
	for a := range l.asking {
		a.cancel(ErrLost)
	}
}

func (l *Link) found(conn *nats.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if conn != l.conn {
		return
	}
	l.route.found(conn.ConnectedUrl())
	select {
	case <-l.online:
	default:
		close(l.online)
	}
}

// complaint is what the server or the library say apart from requests.
func (l *Link) complaint(conn *nats.Conn, err error) {
	if isDenial(err) {
		l.giveUp(conn)
		return
	}
	l.refused(err)
}

// giveUp ends a connection whose login is refused now: another one is made
// when somebody asks, and tells why it cannot be.
func (l *Link) giveUp(conn *nats.Conn) {
	l.mu.Lock()
	if conn == l.conn {
		l.isLost()
		l.conn = nil
	}
	l.mu.Unlock()
	conn.Close()
}

// Ask returns a context that ends when the server refuses to let subject be
// published, which it says apart from the request.
func (l *Link) Ask(ctx context.Context, subject string) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	this := &asking{subject: subject, cancel: cancel}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asking[this] = struct{}{}
	return ctx, func() {
		cancel(nil)
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.asking, this)
	}
}

// refused ends the requests that err is about: it quotes their subject. One
// about anything else is about where answers go.
func (l *Link) refused(err error) {
	if !errors.Is(err, nats.ErrPermissionViolation) || l.hearings.refuse(err) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	inbox := strings.Contains(strings.ToLower(err.Error()), "subscription")
	for a := range l.asking {
		if inbox || strings.Contains(err.Error(), `"`+a.subject+`"`) {
			a.cancel(err)
		}
	}
}

// Rest ends the connection; who asks next makes another.
func (l *Link) Rest() {
	l.mu.Lock()
	conn := l.conn
	l.conn = nil
	l.mu.Unlock()
	if conn != nil {
		conn.Close()
	}
}

// Close drains the connection; what is being dialled ends at once.
func (l *Link) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.closed = true
	for a := range l.asking {
		a.cancel(ErrClosed)
	}
	if l.conn == nil || l.conn.Drain() != nil {
		l.cancel()
	}
}

package natslink

import "github.com/nats-io/nats.go"

// Listen calls heard with each message of a subject, one at a time, until stop is
// called or the server refuses it, of which nobody is told. It does not dial: it
// listens on the connection that there is, and on each that takes its place. What
// is said while there is none is not heard.
func (l *Link) Listen(subject string, heard func(data []byte)) (stop func()) {
	h := &hearing{subject: subject, heard: heard}
	l.hearings.mu.Lock()
	l.hearings.all[h] = struct{}{}
	l.hearings.mu.Unlock()
	l.listen()
	return func() {
		l.hearings.mu.Lock()
		defer l.hearings.mu.Unlock()
		l.hearings.end(h)
	}
}

// listen subscribes on the connection that there is to what is not yet heard there.
func (l *Link) listen() {
	l.hearings.mu.Lock()
	defer l.hearings.mu.Unlock()
	l.mu.Lock()
	conn := l.conn
	l.mu.Unlock()
	if conn == nil {
		return
	}
	for h := range l.hearings.all {
		if h.on == conn {
			continue
		}
		// Where it fails the connection is at its end, and another one comes.
		if sub, err := conn.Subscribe(h.subject, func(m *nats.Msg) { h.heard(m.Data) }); err == nil {
			h.on, h.sub = conn, sub
		}
	}
}

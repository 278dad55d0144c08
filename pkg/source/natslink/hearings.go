package natslink

import (
	"strings"
	"sync"

	"github.com/nats-io/nats.go"
)

// hearings are the subjects that are listened to. Their lock is taken before the
// link's: to subscribe may wait for a connection that is being made anew.
type hearings struct {
	mu  sync.Mutex
	all map[*hearing]struct{}
}

type hearing struct {
	subject string
	heard   func(data []byte)
	// on is the connection that the subscription is of; nil before the first.
	on  *nats.Conn
	sub *nats.Subscription
}

// refuse ends what the server does not let us listen to, if err is about that: kept,
// it would be asked for, and refused, with each new connection.
func (hs *hearings) refuse(err error) (any bool) {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	for h := range hs.all {
		if strings.Contains(err.Error(), `Subscription to "`+h.subject+`"`) {
			hs.end(h)
			any = true
		}
	}
	return any
}

func (hs *hearings) end(h *hearing) {
	delete(hs.all, h)
	if h.sub != nil {
		// It fails where the connection has ended, and the subscription with it.
		_ = h.sub.Unsubscribe()
	}
}

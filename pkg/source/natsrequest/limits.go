package natsrequest

import (
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

const (
	// limitsEvery is how often servers are asked what they allow, which a reload of
	// their configuration may change.
	limitsEvery = time.Hour
	// soonest is how soon they are asked again because of one that was not asked yet.
	soonest = time.Minute
	// refusedFor is how long nobody asks who may not: servers log it.
	refusedFor = 24 * time.Hour
)

// limits are what servers allow. STATSZ does not tell (nats-server.md#who-a-server-is),
// so all are asked for VARZ now and then, beside the reads.
type limits struct {
	mu    sync.Mutex
	known map[string]model.Limits // by server id, of all that were asked
	next  time.Time
	// urgent is when one may be asked that was not asked yet.
	urgent time.Time
}

// due puts what is known into answers, and reports whether it is time to ask: the
// caller then does.
func (l *limits) due(answers map[string]answer) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	fresh := false
	for id, a := range answers {
		limits, asked := l.known[id]
		fresh = fresh || !asked
		a.server.Limits = limits
		answers[id] = a
	}
	if l.known == nil { // Who reads only once need not know.
		l.known = map[string]model.Limits{}
		return false
	}
	now := time.Now()
	if now.Before(l.urgent) || !fresh && now.Before(l.next) {
		return false
	}
	l.next, l.urgent = now.Add(limitsEvery), now.Add(soonest)
	before := l.known
	l.known = make(map[string]model.Limits, len(answers))
	for id := range answers {
		l.known[id] = before[id]
	}
	return true
}

func (l *limits) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.known)
}

// wait has nobody ask for long where the login may not.
func (l *limits) wait(refused bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if refused {
		l.next, l.urgent = time.Now().Add(refusedFor), time.Now().Add(refusedFor)
	}
}

// take takes an answer, if it is of somebody who was asked.
func (l *limits) take(reply *nats.Msg) bool {
	body, err := uncompressed(reply)
	if err != nil {
		return false
	}
	id, told, err := decode.Limits(body)
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, asked := l.known[id]; err != nil || !asked {
		return false
	}
	l.known[id] = told
	return true
}

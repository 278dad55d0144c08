package natsrequest_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/natsops/nats-connections-datasource/internal/simulate"
	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/membership"
	"github.com/natsops/nats-connections-datasource/pkg/source/natsrequest"
)

// TestHostileReplies: whatever somebody answers for servers costs that answer.
func TestHostileReplies(t *testing.T) {
	seed := simulate.Seed(t, rand.Uint64())
	t.Logf("seed %d", seed)
	var mu sync.Mutex
	r := rand.New(rand.NewPCG(seed, 1))
	st := newStage(t)
	_ = st.lists.Unsubscribe()
	spoil := func(msg *nats.Msg, reply string, seldom int) {
		mu.Lock()
		defer mu.Unlock()
		body := []byte(reply)
		if r.IntN(seldom) == 0 {
			body = testnats.Hostile(r, body)
		}
		answer := &nats.Msg{Data: body}
		if r.IntN(20) == 0 {
			answer.Header = nats.Header{"Content-Encoding": {"snappy"}}
		}
		// One that is too large for the connection is not sent.
		if msg.RespondMsg(answer) != nil {
			_ = msg.Respond([]byte(`{}`))
		}
	}
	now := func() string { return time.Now().UTC().Format(time.RFC3339Nano) }
	st.subscribe("$SYS.REQ.SERVER.PING.STATSZ", func(msg *nats.Msg) {
		spoil(msg, fmt.Sprintf(`{"server":{"name":"n1","id":"NA","cluster":"c","ver":"2.15.2","time":%q},"statsz":{"start":%q,"connections":3000,`+
			`"total_connections":3100,"active_servers":1,"slow_consumer_stats":{"clients":0}}}`, now(), now()), 3)
	})
	st.subscribe("$SYS.REQ.SERVER.*.CONNZ", func(msg *nats.Msg) {
		spoil(msg, fmt.Sprintf(`{"server":{"name":"n1","id":"NA"},"data":{"server_id":"NA","now":%q,"num_connections":1,"total":1,"connections":`+
			`[{"cid":7,"kind":"Client","start":%q,"stop":%q,"reason":"Client Closed","pending_bytes":1,"name":"web","account":"A"}]}}`, now(), now(), now()), 1)
	})
	s := st.source(natsrequest.WithPatience(20 * time.Millisecond))
	reads, answered, largest := 0, 0, 0
	var most uint64
	var slowest time.Duration
	for ended := time.Now().Add(simulate.For(t, 2*time.Second)); time.Now().Before(ended); reads++ {
		began := time.Now()
		readings := s.Read(t.Context(), source.Request{Closed: true, Open: true, Top: source.TopBy("pending_bytes", 5)})
		slowest, largest = max(slowest, time.Since(began)), max(largest, len(readings))
		for _, reading := range readings {
			var typed *source.Error
			switch err := reading.Err; {
			case err == nil:
				answered++
			case !errors.As(err, &typed) || typed.Kind == source.KindInternal:
				t.Fatalf("read %d: %v (%v)", reads, err, errors.Unwrap(err))
			}
		}
		if reads%500 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}
	t.Logf("%d reads, %d answered, the slowest took %v, %d readings and %d MB of heap at the most", reads, answered, slowest, largest, most>>20)
	if answered == 0 || slowest > 35*time.Second || most > 256<<20 || largest > 2*membership.Most+1 {
		t.Errorf("%d of %d reads answered, in %v with %d MB and %d readings", answered, reads, slowest, most>>20, largest)
	}
}

package httpmonitor_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/internal/simulate"
	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/httpmonitor"
)

// lines makes a reply of a server.
func lines(now time.Time, asked url.Values) (varz, connz []byte) {
	at := now.UTC().Format(time.RFC3339Nano)
	varz = fmt.Appendf(nil, `{"server_id":"NA","server_name":"n1","version":"2.15.2","now":%q,"start":%q,"connections":3000,`+
		`"total_connections":3100,"leafnodes":0,"slow_consumers":0,"remotes":0,"cluster":{"name":"c"},`+
		`"slow_consumer_stats":{"clients":0,"routes":0,"gateways":0,"leafs":0}}`, at, at)
	ended := ""
	if asked.Get("state") == "closed" {
		ended = fmt.Sprintf(`"stop":%q,"reason":"Client Closed",`, at)
	}
	record := fmt.Sprintf(`{"cid":%%d,"kind":"Client","type":"nats","ip":"10.0.0.1","port":4000,"start":%q,"last_activity":%q,%s`+
		`"rtt":"1ms","uptime":"1s","idle":"1s","pending_bytes":1,"in_msgs":1,"out_msgs":1,"in_bytes":1,`+
		`"out_bytes":1,"subscriptions":1,"name":"web","lang":"go","version":"1","account":"A","authorized_user":"u","name_tag":"A"}`, at, at, ended)
	var records []string
	for cid := range 5 {
		records = append(records, fmt.Sprintf(record, cid+1))
	}
	connz = fmt.Appendf(nil, `{"server_id":"NA","now":%q,"num_connections":5,"total":5,"offset":0,"limit":%s,"connections":[%s]}`,
		at, asked.Get("limit"), strings.Join(records, ","))
	return varz, connz
}

// TestHostileReplies: whatever an endpoint answers costs that answer. No panic,
// and neither more time than a read may take nor more memory than its answers.
func TestHostileReplies(t *testing.T) {
	seed := simulate.Seed(t, rand.Uint64())
	t.Logf("seed %d", seed)
	var mu sync.Mutex
	r := rand.New(rand.NewPCG(seed, 1))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		varz, connz := lines(time.Now(), req.URL.Query())
		body := connz
		if req.URL.Path == "/varz" {
			// Most reads must come as far as the lists.
			if body = varz; r.IntN(3) > 0 {
				_, _ = w.Write(body)
				return
			}
		}
		_, _ = w.Write(testnats.Hostile(r, body))
	}))
	defer server.Close()
	s, err := httpmonitor.New(httpclient.Options{}, []string{server.URL}, httpmonitor.WithPageSize(16))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	reads, answered := 0, 0
	var most uint64
	var slowest time.Duration
	for ended := time.Now().Add(simulate.For(t, 2*time.Second)); time.Now().Before(ended); reads++ {
		began := time.Now()
		readings := s.Read(t.Context(), source.Request{Closed: true, Open: true, Patient: true, Top: source.TopBy("pending_bytes", 5)})
		slowest = max(slowest, time.Since(began))
		var typed *source.Error
		switch err := readings[0].Err; {
		case err == nil:
			answered++
		case !errors.As(err, &typed) || typed.Kind == source.KindInternal:
			t.Fatalf("read %d: %v (%v)", reads, err, errors.Unwrap(err))
		}
		if reads%500 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}
	t.Logf("%d reads, %d answered, the slowest took %v, %d MB of heap at the most", reads, answered, slowest, most>>20)
	if answered == 0 || answered == reads || slowest > 15*time.Second || most > 256<<20 {
		t.Errorf("%d of %d reads answered, in %v with %d MB", answered, reads, slowest, most>>20)
	}
}

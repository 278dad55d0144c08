package httpmonitor_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// TestAnswersToOtherQuestions: something on the way drops or keeps what it should not.
func TestAnswersToOtherQuestions(t *testing.T) {
	const open, closed = `{"cid":1,"last_activity":"2026-03-01T12:00:00Z"}`, `{"cid":1,"stop":"2026-03-01T12:00:00Z","reason":"Client Closed"}`
	for name, c := range map[string]struct {
		step source.Step
		req  source.Request
		list string
	}{
		"without its query":            {source.StepClosed, source.Request{Closed: true}, `{"limit":1024,"connections":[]}`},
		"open ones instead of closed":  {source.StepClosed, source.Request{Closed: true}, `{"connections":[` + open + `]}`},
		"closed ones instead of open":  {source.StepOpen, source.Request{Open: true}, `{"connections":[` + closed + `]}`},
		"the first of another sorting": {source.StepOpen, source.Request{Open: true, Top: source.TopBy("pending_bytes", 5)}, `{"limit":16384,"connections":[]}`},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSource(t, []string{serve(t, func(w http.ResponseWriter, r *http.Request) {
				body := strings.Replace(goodVarz, "}", `,"connections":100000}`, 1)
				if r.URL.Path == "/connz" {
					body = c.list
				}
				_, _ = w.Write([]byte(body))
			})})
			check(t, typed(t, s.Read(t.Context(), c.req)[0].Err), source.KindConfiguration, c.step, "It answers another question than it was asked.")
		})
	}
}

// TestWhoAsksToBeLeftAloneIs: for as long as it says, save by who is patient.
func TestWhoAsksToBeLeftAloneIs(t *testing.T) {
	for _, after := range []string{"3600", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)} {
		var asked atomic.Int64
		s := newSource(t, []string{serve(t, func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			w.Header().Set("Retry-After", after)
			w.WriteHeader(http.StatusTooManyRequests)
		})})
		for range 5 {
			err := typed(t, s.Read(t.Context(), source.Request{Closed: true})[0].Err)
			check(t, err, source.KindNetwork, source.StepIdentity, "What stands in front of it allows no more requests now (HTTP 429).")
		}
		if asked.Load() != 1 {
			t.Errorf("it was asked %d times", asked.Load())
		}
		if s.Read(t.Context(), source.Request{Patient: true}); asked.Load() != 2 {
			t.Error("who is patient did not ask")
		}
	}
}

func TestAnswersThatAreNotRepeated(t *testing.T) {
	err := readError(t, httpclient.Options{}, serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }))
	check(t, err, source.KindConfiguration, source.StepIdentity, "A cache on the way answers for it (HTTP 304).")
}

// TestTheCheckFindsALoadBalancer: each connection and each read may lead elsewhere.
func TestTheCheckFindsALoadBalancer(t *testing.T) {
	for name, turns := range map[string]func(r *http.Request) bool{
		"by connections": func(r *http.Request) bool { return r.Close },
		"by reads":       func(r *http.Request) bool { return r.URL.Path == "/varz" },
	} {
		t.Run(name, func(t *testing.T) {
			turn := 0
			s := newSource(t, []string{serve(t, func(w http.ResponseWriter, r *http.Request) {
				if turns(r) {
					turn++
				}
				id := fmt.Sprintf("N%d", turn%2)
				body := strings.Replace(goodVarz, "NA", id, 1)
				if r.URL.Path == "/connz" {
					body = fmt.Sprintf(`{"server_id":%q,"connections":[]}`, id)
				}
				_, _ = w.Write([]byte(body))
			})})
			err := typed(t, s.Read(t.Context(), source.Request{Closed: true, Patient: true})[0].Err)
			if err.Sentence != "Its server changed while it was read, twice in a row." {
				t.Error(err)
			}
		})
	}
}

package httpmonitor_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/httpmonitor"
)

// TestOldAnswersAreNoNews: a cache on the way must not make old news look like
// none.
func TestOldAnswersAreNoNews(t *testing.T) {
	const sentence = "A cache on the way answers for it, "
	old := func(w http.ResponseWriter, body string, now time.Time) {
		_, _ = fmt.Fprintf(w, body, now.Format(time.RFC3339Nano))
	}
	const varz, list = `{"server_id":"NA","now":%q}`, `{"server_id":"NA","now":%q,"connections":[]}`
	for name, c := range map[string]struct {
		step    source.Step
		handler http.HandlerFunc
	}{
		"the cache says so": {source.StepIdentity, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Age", "61")
			old(w, varz, time.Now())
		}},
		"the cache says so of the list": {source.StepClosed, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/varz" {
				old(w, varz, time.Now())
				return
			}
			w.Header().Set("Age", "3600")
			old(w, list, time.Now())
		}},
		"the list is older than the counters": {source.StepClosed, func(w http.ResponseWriter, r *http.Request) {
			body, age := varz, time.Duration(0)
			if r.URL.Path == "/connz" {
				body, age = list, time.Minute
			}
			old(w, body, time.Now().Add(-age))
		}},
		"the counters are older than the list": {source.StepClosed, func(w http.ResponseWriter, r *http.Request) {
			body, age := varz, time.Minute
			if r.URL.Path == "/connz" {
				body, age = list, 0
			}
			old(w, body, time.Now().Add(-age))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			err := readError(t, httpclient.Options{}, serve(t, c.handler))
			if err.Kind != source.KindConfiguration || err.Step != c.step || !strings.HasPrefix(err.Sentence, sentence) {
				t.Errorf("got %+v", err)
			}
		})
	}
}

func TestCachesAreAskedToStayOut(t *testing.T) {
	s := newSource(t, []string{serve(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Cache-Control"); got != "no-cache" {
			t.Errorf("Cache-Control is %q", got)
		}
		w.Header().Set("Age", "1") // as good as new
		_, _ = w.Write([]byte(goodVarz))
	})})
	readOne(t, s, source.Request{})
}

// TestSlowServerDoesNotHoldEverybody: a read ends though each request is
// answered in time, and nobody waits for that server again meanwhile.
func TestSlowServerDoesNotHoldEverybody(t *testing.T) {
	page := 0
	slow := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/varz" {
			_, _ = w.Write([]byte(goodVarz))
			return
		}
		select {
		case <-time.After(60 * time.Millisecond):
		case <-r.Context().Done():
		}
		page++
		_, _ = fmt.Fprintf(w, `{"server_id":"NA","connections":[{"cid":%d,"stop":%q}]}`, 10_000-page, epoch.Add(-time.Duration(page)*time.Second).Format(time.RFC3339))
	})
	fast := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body := strings.Replace(goodVarz, "NA", "NB", 1)
		if r.URL.Path == "/connz" {
			body = `{"server_id":"NB","connections":[]}`
		}
		_, _ = w.Write([]byte(body))
	})
	s := newSource(t, []string{slow, fast}, httpmonitor.WithPageSize(1), httpmonitor.WithBound(200*time.Millisecond))
	readings := s.Read(t.Context(), source.Request{Closed: true})
	if readings[1].Err != nil {
		t.Error(readings[1].Err)
	}
	check(t, typed(t, readings[0].Err), source.KindTimeout, source.StepClosed, "It did not answer in time.")
	for range 20 {
		if again := s.Read(t.Context(), source.Request{Closed: true}); again[0].Err == nil || len(again[0].Asked) > 0 {
			t.Fatalf("a slow server was waited for again: %+v", again[0])
		}
	}
}

func TestBoundFollowsTheTimeout(t *testing.T) {
	for timeout, want := range map[time.Duration]time.Duration{
		time.Second: 15 * time.Second, 10 * time.Second: 15 * time.Second, time.Minute: 90 * time.Second,
	} {
		if got := source.Bound(timeout); got != want {
			t.Errorf("%s: %s, want %s", timeout, got, want)
		}
	}
}

func typed(t *testing.T, err error) *source.Error {
	t.Helper()
	var typed *source.Error
	if !errors.As(err, &typed) {
		t.Fatalf("got %v, want a *source.Error", err)
	}
	return typed
}

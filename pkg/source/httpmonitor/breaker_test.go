package httpmonitor_test

import (
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/httpmonitor"
)

// TestHungServerIsWaitedForOnce: after one timeout nobody waits again until
// the server answers a probe.
func TestHungServerIsWaitedForOnce(t *testing.T) {
	var hung atomic.Bool
	var asked atomic.Int32
	hung.Store(true)
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if hung.Load() {
			<-r.Context().Done()
			return
		}
		_, _ = w.Write([]byte(goodVarz))
	})
	s, err := httpmonitor.New(httpclient.Options{Timeouts: &httpclient.TimeoutOptions{Timeout: 300 * time.Millisecond}}, []string{url})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	timedOut := func(req source.Request) bool {
		var typed *source.Error
		return errors.As(s.Read(t.Context(), req)[0].Err, &typed) && typed.Kind == source.KindTimeout
	}
	if !timedOut(source.Request{}) || asked.Load() != 1 {
		t.Fatalf("the first read waits; asked %d times", asked.Load())
	}
	for range 20 {
		if got := s.Read(t.Context(), source.Request{})[0]; got.Err == nil || len(got.Asked) > 0 {
			t.Fatalf("a resting server was asked: %+v", got)
		}
	}
	if !timedOut(source.Request{Patient: true}) {
		t.Fatal("a patient read waits again")
	}
	hung.Store(false)
	testnats.Until(t, "a probe that is answered", func() bool { return s.Read(t.Context(), source.Request{})[0].Err == nil })
}

func TestClosingEndsTheProbe(t *testing.T) {
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	s, err := httpmonitor.New(httpclient.Options{Timeouts: &httpclient.TimeoutOptions{Timeout: 100 * time.Millisecond}}, []string{url})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s.Read(t.Context(), source.Request{})
	}
	s.Close()
}

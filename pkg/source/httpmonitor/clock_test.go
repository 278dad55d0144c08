package httpmonitor_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// TestClockOffsetIsMeasured: as exactly as the way to the server and back
// allows, however long it takes to reach it first.
func TestClockOffsetIsMeasured(t *testing.T) {
	for _, offset := range []time.Duration{-25 * time.Hour, 0, 15 * time.Minute} {
		s := newSource(t, []string{serve(t, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(w, `{"server_id":"NA","now":%q}`, time.Now().Add(offset).Format(time.RFC3339Nano))
		})})
		began := time.Now()
		r := readOne(t, s, source.Request{})
		ended := time.Now()
		if r.HeardAt.Before(began) || r.HeardAt.After(ended) {
			t.Errorf("heard at %s, read from %s to %s", r.HeardAt, began, ended)
		}
		if wrong := (r.ClockOffset - offset).Abs(); wrong > ended.Sub(began) {
			t.Errorf("offset %s, want %s, within %s", r.ClockOffset, offset, ended.Sub(began))
		}
	}
}

func TestNobodyHeardHasNoClock(t *testing.T) {
	s := newSource(t, []string{serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })})
	if r := s.Read(t.Context(), source.Request{})[0]; !r.HeardAt.IsZero() || r.ClockOffset != 0 {
		t.Errorf("heard at %s with offset %s", r.HeardAt, r.ClockOffset)
	}
}

package reads

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestHowLongAReadServes: the longer, the more connections it took, and longer
// still beside stops and for what is only offered.
func TestHowLongAReadServes(t *testing.T) {
	for _, test := range []struct {
		freshness Freshness
		open      int
		want      time.Duration
	}{
		{Current, 100_000, time.Second},
		{Recent, 10, time.Second},
		{Recent, 20_000, 12 * time.Second},
		{Recent, 1_000_000, time.Minute},
		{Lately, 10, 10 * time.Second},
		{Lately, 1_000_000, time.Minute},
		{Known, 10, 30 * time.Second},
	} {
		if got := test.freshness.goodFor(time.Second, test.open); got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
}

// TestWhatServesNobodyIsGivenUp: a read keeps its open connections in memory.
func TestWhatServesNobodyIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, s := gated(t, time.Second)
		defer s.Close()
		close(g.LetGo)
		if _, err := s.One(t.Context(), Need{Lists: Lists{Closed: true, Open: true}}); err != nil {
			t.Fatal(err)
		}
		if kept := flightsOf(s); kept != 1 {
			t.Fatalf("%d reads are kept", kept)
		}
		time.Sleep(maxRecent + time.Second)
		if kept := flightsOf(s); kept != 0 {
			t.Errorf("%d reads are kept", kept)
		}
	})
}

// flightsOf is how many reads are kept; timers of their own give them up.
func flightsOf(s *Shared) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.flights)
}

package reads

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestBackgroundSyncReadsEverySoOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, s := gated(t, time.Second)
		close(g.LetGo)
		// It outlives the request for which the instance was made.
		request, end := context.WithCancel(t.Context())
		stop := s.KeepUp(request, 30*time.Second)
		end()
		synctest.Wait()
		if got := g.Reads.Load(); got != 1 {
			t.Fatalf("%d reads at the start, want 1", got)
		}
		time.Sleep(5*time.Minute + time.Second)
		if got := g.Reads.Load(); got != 11 {
			t.Fatalf("%d reads after five minutes, want 11", got)
		}
		stop()
		time.Sleep(time.Hour)
		if got := g.Reads.Load(); got != 11 {
			t.Fatalf("%d reads, some after the end", got)
		}
	})
}

func TestBackgroundSyncTakesWhatPanelsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, s := gated(t, 10*time.Second)
		defer s.Close()
		close(g.LetGo)
		defer s.KeepUp(t.Context(), 30*time.Second)()
		time.Sleep(25 * time.Second)
		if _, err := s.One(t.Context(), Need{Lists: Lists{Closed: true, Open: true}}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		if got := g.Reads.Load(); got != 2 {
			t.Fatalf("%d reads, want the first and the panel's", got)
		}
	})
}

func TestBackgroundSyncsDoNotPileUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, s := gated(t, time.Second)
		defer s.KeepUp(t.Context(), 5*time.Second)()
		time.Sleep(time.Hour)
		if got := g.Reads.Load(); got != 1 {
			t.Fatalf("%d reads of a server that hangs, want 1", got)
		}
		s.Close()
	})
}

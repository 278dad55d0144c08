package reads

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testsource"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
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

// ringer is a bell that a test rings.
type ringer struct{ heard func(serverID string) }

func (r *ringer) Listen(heard func(serverID string)) (stop func()) {
	r.heard = heard
	return func() { r.heard = func(string) {} }
}

// TestABellHasTheServersReadAtOnce, also where a read is under way that may have
// looked too early.
func TestABellHasTheServersReadAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, s := gated(t, time.Hour)
		defer s.Close()
		bell := &ringer{}
		stop := s.KeepUp(t.Context(), time.Hour, bell)
		defer stop()
		synctest.Wait()
		bell.heard("ID1")
		close(g.LetGo)
		time.Sleep(time.Second)
		if got := g.Reads.Load(); got != 2 {
			t.Fatalf("%d reads, want the first and another", got)
		}
		bell.heard("ID1")
		bell.heard("ID2")
		time.Sleep(settling)
		synctest.Wait()
		if got := g.Reads.Load(); got != 3 {
			t.Fatalf("%d reads, want one more for two that ring together", got)
		}
		stop()
		synctest.Wait()
		bell.heard("ID1")
		time.Sleep(time.Minute)
		if got := g.Reads.Load(); got != 3 {
			t.Errorf("%d reads, some after the end", got)
		}
	})
}

// TestAFloodOfBellsIsAnsweredInPeace: ten times a second, and less where reads take
// long, but never less than without any bell.
func TestAFloodOfBellsIsAnsweredInPeace(t *testing.T) {
	for took, want := range map[time.Duration][2]int32{
		0:                      {95, 101},
		50 * time.Millisecond:  {19, 21},
		500 * time.Millisecond: {4, 5},
	} {
		synctest.Test(t, func(t *testing.T) {
			_, s := gated(t, 2*time.Second)
			defer s.Close()
			slow := testsource.NewGate(func(req source.Request) []model.Reading {
				time.Sleep(took)
				return answering(req)
			})
			close(slow.LetGo)
			s.ReadFrom(slow)
			bell := &ringer{}
			stop := s.KeepUp(t.Context(), 2*time.Second, bell)
			synctest.Wait()
			for range 1_000 {
				bell.heard("ID1")
				time.Sleep(10 * time.Millisecond)
			}
			if got := slow.Reads.Load(); got < want[0] || got > want[1] {
				t.Errorf("%d reads of %s in ten seconds, want %v", got, took, want)
			}
			stop()
			time.Sleep(took)
		})
	}
}

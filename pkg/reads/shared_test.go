package reads

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/natsops/nats-connections-datasource/internal/testsource"
	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// answering is a server that answers with what it was asked for.
func answering(req source.Request) []model.Reading {
	r := model.Reading{Endpoint: "n1:8222", Server: model.Server{ID: "ID1", Name: "n1", Now: time.Now()}}
	if req.Closed {
		r.Ring = model.RingRead
	}
	return []model.Reading{r}
}

func gated(t *testing.T, every time.Duration) (*testsource.Gate, *Shared) {
	t.Helper()
	g := testsource.NewGate(answering)
	apps, err := app.NewNamer(app.DefaultPatterns())
	if err != nil {
		t.Fatal(err)
	}
	return g, New(g, ledger.New(ledger.DefaultLimits(), apps), every)
}

func TestTwelveAskersShareOneRead(t *testing.T) {
	defer goleak.VerifyNone(t)
	g, s := gated(t, time.Minute)
	defer s.Close()
	var askers sync.WaitGroup
	for range 12 {
		askers.Go(func() {
			snapshot, err := s.One(t.Context(), Need{Lists: Lists{Closed: true}})
			if err != nil || !snapshot.AnsweredAny() {
				t.Errorf("got %v", err)
			}
		})
	}
	<-g.Begun
	close(g.LetGo)
	askers.Wait()
	if _, err := s.One(t.Context(), Need{Lists: Lists{Closed: true}}); err != nil {
		t.Fatal(err)
	}
	if got := g.Reads.Load(); got != 1 {
		t.Fatalf("%d reads, want 1", got)
	}
	if _, err := s.One(t.Context(), Need{Lists: Lists{Closed: true, Open: true}}); err != nil || g.Reads.Load() != 2 {
		t.Fatalf("open connections need a read of their own, %d so far (%v)", g.Reads.Load(), err)
	}
}

func TestFinishedReadServesNobodyLater(t *testing.T) {
	g, s := gated(t, 0)
	defer s.Close()
	close(g.LetGo)
	for want := range int32(3) {
		if _, err := s.One(t.Context(), Need{Lists: Lists{Closed: true}}); err != nil || g.Reads.Load() != want+1 {
			t.Fatalf("%d reads after %d askers", g.Reads.Load(), want+1)
		}
	}
}

func TestWhoLeavesDoesNotEndTheReadOfOthers(t *testing.T) {
	defer goleak.VerifyNone(t)
	g, s := gated(t, time.Minute)
	defer s.Close()
	impatient, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := s.One(impatient, Need{Lists: Lists{Closed: true}})
		left <- err
	}()
	<-g.Begun
	stayed := make(chan error)
	go func() {
		snapshot, err := s.One(t.Context(), Need{Lists: Lists{Closed: true}})
		if err == nil && !snapshot.AnsweredAny() {
			err = errors.New("the read ended with who began it")
		}
		stayed <- err
	}()
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Fatalf("who leaves gets %v", err)
	}
	close(g.LetGo)
	if err := <-stayed; err != nil {
		t.Fatal(err)
	}
	if got := g.Reads.Load(); got != 1 {
		t.Fatalf("%d reads, want 1", got)
	}
}

func TestClosingEndsReadsUnderWay(t *testing.T) {
	defer goleak.VerifyNone(t)
	g, s := gated(t, time.Minute)
	done := make(chan ledger.Snapshot)
	go func() {
		snapshot, _ := s.One(t.Context(), Need{Lists: Lists{Closed: true}})
		done <- snapshot
	}()
	<-g.Begun
	s.Close()
	if snapshot := <-done; snapshot.AnsweredAny() || !g.Closed.Load() {
		t.Fatal("the read went on after the instance was closed")
	}
}

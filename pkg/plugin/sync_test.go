package plugin

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// gate is a source whose reads wait until they are let go.
type gate struct {
	reads  atomic.Int32
	begun  chan struct{}
	letGo  chan struct{}
	rests  atomic.Int32
	closed atomic.Bool
}

func newGate() *gate { return &gate{begun: make(chan struct{}, 100), letGo: make(chan struct{})} }

func (g *gate) Read(ctx context.Context, req source.Request) []model.Reading {
	g.reads.Add(1)
	select {
	case g.begun <- struct{}{}:
	default: // Nobody waits for that many.
	}
	select {
	case <-g.letGo:
		return fixture(req)
	case <-ctx.Done():
		return []model.Reading{{Endpoint: "n1:8222", Err: ctx.Err()}}
	}
}

func (g *gate) Rest()  { g.rests.Add(1) }
func (g *gate) Close() { g.closed.Store(true) }

func gated(t *testing.T, every time.Duration) (*gate, *syncer) {
	t.Helper()
	g := newGate()
	apps, err := app.NewNamer(app.DefaultPatterns())
	if err != nil {
		t.Fatal(err)
	}
	return g, newSyncer(g, ledger.New(ledger.DefaultLimits(), apps), every)
}

func TestTwelveAskersShareOneRead(t *testing.T) {
	defer goleak.VerifyNone(t)
	g, s := gated(t, time.Minute)
	defer s.close()
	var askers sync.WaitGroup
	for range 12 {
		askers.Go(func() {
			snapshot, err := s.sync(t.Context(), need{closed: true})
			if err != nil || !snapshot.AnsweredAny() {
				t.Errorf("got %v", err)
			}
		})
	}
	<-g.begun
	close(g.letGo)
	askers.Wait()
	if _, err := s.sync(t.Context(), need{closed: true}); err != nil {
		t.Fatal(err)
	}
	if got := g.reads.Load(); got != 1 {
		t.Fatalf("%d reads, want 1", got)
	}
	if _, err := s.sync(t.Context(), need{closed: true, open: true}); err != nil || g.reads.Load() != 2 {
		t.Fatalf("open connections need a read of their own, %d so far (%v)", g.reads.Load(), err)
	}
}

func TestFinishedReadServesNobodyLater(t *testing.T) {
	g, s := gated(t, 0)
	defer s.close()
	close(g.letGo)
	for want := range int32(3) {
		if _, err := s.sync(t.Context(), need{closed: true}); err != nil || g.reads.Load() != want+1 {
			t.Fatalf("%d reads after %d askers", g.reads.Load(), want+1)
		}
	}
}

func TestWhoLeavesDoesNotEndTheReadOfOthers(t *testing.T) {
	defer goleak.VerifyNone(t)
	g, s := gated(t, time.Minute)
	defer s.close()
	impatient, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := s.sync(impatient, need{closed: true})
		left <- err
	}()
	<-g.begun
	stayed := make(chan error)
	go func() {
		snapshot, err := s.sync(t.Context(), need{closed: true})
		if err == nil && !snapshot.AnsweredAny() {
			err = errors.New("the read ended with who began it")
		}
		stayed <- err
	}()
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Fatalf("who leaves gets %v", err)
	}
	close(g.letGo)
	if err := <-stayed; err != nil {
		t.Fatal(err)
	}
	if got := g.reads.Load(); got != 1 {
		t.Fatalf("%d reads, want 1", got)
	}
}

func TestClosingEndsReadsUnderWay(t *testing.T) {
	defer goleak.VerifyNone(t)
	g, s := gated(t, time.Minute)
	done := make(chan ledger.Snapshot)
	go func() {
		snapshot, _ := s.sync(t.Context(), need{closed: true})
		done <- snapshot
	}()
	<-g.begun
	s.close()
	if snapshot := <-done; snapshot.AnsweredAny() || !g.closed.Load() {
		t.Fatal("the read went on after the instance was closed")
	}
}

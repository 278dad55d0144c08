package plugin

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
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

func (g *gate) Forget(string) {}
func (g *gate) Rest()         { g.rests.Add(1) }
func (g *gate) Close()        { g.closed.Store(true) }

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
			snapshot, err := s.sync(t.Context(), need{lists: lists{closed: true}})
			if err != nil || !snapshot.AnsweredAny() {
				t.Errorf("got %v", err)
			}
		})
	}
	<-g.begun
	close(g.letGo)
	askers.Wait()
	if _, err := s.sync(t.Context(), need{lists: lists{closed: true}}); err != nil {
		t.Fatal(err)
	}
	if got := g.reads.Load(); got != 1 {
		t.Fatalf("%d reads, want 1", got)
	}
	if _, err := s.sync(t.Context(), need{lists: lists{closed: true, open: true}}); err != nil || g.reads.Load() != 2 {
		t.Fatalf("open connections need a read of their own, %d so far (%v)", g.reads.Load(), err)
	}
}

func TestFinishedReadServesNobodyLater(t *testing.T) {
	g, s := gated(t, 0)
	defer s.close()
	close(g.letGo)
	for want := range int32(3) {
		if _, err := s.sync(t.Context(), need{lists: lists{closed: true}}); err != nil || g.reads.Load() != want+1 {
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
		_, err := s.sync(impatient, need{lists: lists{closed: true}})
		left <- err
	}()
	<-g.begun
	stayed := make(chan error)
	go func() {
		snapshot, err := s.sync(t.Context(), need{lists: lists{closed: true}})
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
		snapshot, _ := s.sync(t.Context(), need{lists: lists{closed: true}})
		done <- snapshot
	}()
	<-g.begun
	s.close()
	if snapshot := <-done; snapshot.AnsweredAny() || !g.closed.Load() {
		t.Fatal("the read went on after the instance was closed")
	}
}

// crowd is a server with so many open connections, which counts its reads.
type crowd struct {
	open  int
	reads atomic.Int32
}

func (c *crowd) Read(_ context.Context, req source.Request) []model.Reading {
	c.reads.Add(1)
	r := fixture(req)[0]
	if req.Open {
		r.Open = make([]model.Connection, c.open)
	}
	return []model.Reading{r}
}

func (*crowd) Forget(string) {}
func (*crowd) Rest()         {}
func (*crowd) Close()        {}

const (
	openGroups  = `{"queryType":"connections","view":"totals","groupBy":["account"]}`
	openRecords = `{"queryType":"connections","view":"records"}`
	anyStops    = `{"queryType":"stops"}`
	anyValues   = `{"queryType":"values","key":"account"}`
)

// flightsOf is how many reads are kept; timers of their own give them up.
func flightsOf(s *syncer) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.flights)
}

func TestReadsServeAsLongAsTheyAreGood(t *testing.T) {
	for name, test := range map[string]struct {
		open   int
		first  string
		after  time.Duration
		second string
		reads  int32
	}{
		"values after values":                {10, anyValues, 29 * time.Second, anyValues, 1},
		"values, later":                      {10, anyValues, 31 * time.Second, anyValues, 2},
		"few connections":                    {10, openGroups, time.Second, openGroups, 2},
		"many connections":                   {100_000, openGroups, 59 * time.Second, openGroups, 1},
		"many connections, later":            {100_000, openGroups, 61 * time.Second, openGroups, 2},
		"more than are read within a minute": {130_000, openGroups, 61 * time.Second, openGroups, 2},
		"records are of now":                 {100_000, openGroups, time.Second, openRecords, 2},
		"stops are of now":                   {100_000, anyValues, time.Second, anyStops, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &crowd{open: test.open}
				p := leased(DefaultLeases())
				defer p.Close()
				d := made(t, p, map[string]any{"urls": []string{"http://127.0.0.1:1"}, "syncEvery": "0s"})
				memoryOf(t, d).syncer.readFrom(c)
				ask(t, d, false, test.first)
				time.Sleep(test.after)
				response := ask(t, d, false, test.second).Responses["A"]
				if got := c.reads.Load(); got != test.reads || response.Error != nil {
					t.Errorf("%d reads (%v)", got, response.Error)
				}
				told := false
				for _, notice := range response.Frames[0].Meta.Notices {
					told = told || strings.HasPrefix(notice.Text, "Open connections as they were 59s ago: all 100000 are read for this")
				}
				if told != (name == "many connections") {
					t.Errorf("notices %+v", response.Frames[0].Meta.Notices)
				}
				// What serves nobody any more is given up.
				time.Sleep(maxRecent + time.Second)
				if kept := flightsOf(memoryOf(t, d).syncer); kept != 0 {
					t.Errorf("%d reads are kept", kept)
				}
			})
		})
	}
}

func TestValuesTakeWhatPanelsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &crowd{open: 10}
		p := leased(DefaultLeases())
		defer p.Close()
		d := made(t, p, map[string]any{"urls": []string{"http://127.0.0.1:1"}})
		memoryOf(t, d).syncer.readFrom(c)
		ask(t, d, false, anyStops)
		ask(t, d, false, openGroups)
		time.Sleep(20 * time.Second)
		if ask(t, d, false, anyValues); c.reads.Load() != 2 {
			t.Errorf("%d reads, want those of the panels", c.reads.Load())
		}
		// One request asks once for all that is not known well enough.
		if ask(t, d, false, anyValues, anyStops, openRecords); c.reads.Load() != 3 {
			t.Errorf("%d reads, want one more", c.reads.Load())
		}
	})
}

func TestAnswersEndWithTheRequest(t *testing.T) {
	d := reading(t, newGate())
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := d.QueryData(ctx, &backend.QueryDataRequest{Queries: []backend.DataQuery{{RefID: "A", JSON: []byte(anyStops)}}}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

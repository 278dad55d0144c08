package ledger_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

func TestRestartKeepsWhatWasReadAndTellsTheGap(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
	n1.Close(4)
	l.Merge([]model.Reading{n1.Read()})
	again := testledger.NewRing("ID2", "n1", 10)
	again.Start = n1.Now.Add(time.Minute)
	again.Now = again.Start
	again.Close(2)
	s := l.Merge([]model.Reading{again.Read()})
	if got := testledger.Count(s); got != 6 {
		t.Fatalf("%d stops, want the old 4 and the new 2", got)
	}
	want := books.Gap{From: n1.Now, To: again.Start, Restart: true}
	if gaps := s.Servers[0].Coverage.Gaps; len(gaps) != 1 || gaps[0] != want {
		t.Fatalf("gaps %+v, want %+v", gaps, want)
	}
}

// TestWhoTookWhosePlace: a restart is known by the server's name, wherever it
// answers now; where there is none, by the endpoint.
func TestWhoTookWhosePlace(t *testing.T) {
	// at is a process that starts a minute after noon, unless it is the first.
	at := func(endpoint, name, id string, start time.Duration) model.Reading {
		r := testledger.NewRing(id, name, 10)
		r.Start = testledger.Noon.Add(start)
		r.Now = r.Start.Add(10 * time.Second)
		reading := r.Read()
		reading.Endpoint = endpoint
		return reading
	}
	gone := func(endpoint string) model.Reading {
		return model.Reading{Endpoint: endpoint, Err: fmt.Errorf("refused")}
	}
	const later = time.Minute
	for name, c := range map[string]struct {
		before, after []model.Reading
		want          int // gaps of the last reading
	}{
		"at the same address": {[]model.Reading{at("a", "n1", "ID1", 0)}, []model.Reading{at("a", "n1", "ID2", later)}, 1},
		"at another address":  {[]model.Reading{at("a", "n1", "ID1", 0)}, []model.Reading{at("b", "n1", "ID2", later)}, 1},
		"at another address, and the former one is still asked": {
			[]model.Reading{at("a", "n1", "ID1", 0)}, []model.Reading{gone("a"), at("b", "n1", "ID2", later)}, 1},
		"two that live have one name": {
			[]model.Reading{at("a", "n1", "ID1", 0)}, []model.Reading{at("a", "n1", "ID1", 0), at("b", "n1", "ID2", later)}, 0},
		"one of two that have one name": {
			[]model.Reading{at("a", "n1", "ID1", 0), at("b", "n1", "ID2", 0)},
			[]model.Reading{at("a", "n1", "ID1", 0), at("c", "n1", "ID3", later)}, 1},
		"another server at its address": {[]model.Reading{at("a", "n1", "ID1", 0)}, []model.Reading{at("a", "n2", "ID2", later)}, 0},
		"its address and its name, separately": {
			[]model.Reading{at("a", "n1", "ID1", 0), at("b", "n2", "ID2", 0)},
			[]model.Reading{at("b", "n2", "ID2", 0), at("a", "n3", "ID4", later), at("c", "n1", "ID3", later)}, 1},
		"without a name, at the same address": {
			[]model.Reading{at("a", "ID1", "ID1", 0)}, []model.Reading{at("a", "ID2", "ID2", later)}, 1},
		"without a name, at another address": {
			[]model.Reading{at("a", "ID1", "ID1", 0)}, []model.Reading{at("b", "ID2", "ID2", later)}, 0},
		"a name since the restart": {[]model.Reading{at("a", "ID1", "ID1", 0)}, []model.Reading{at("a", "n1", "ID2", later)}, 1},
		"started before the last read of the other": {
			[]model.Reading{at("a", "n1", "ID1", 0)}, []model.Reading{at("b", "n1", "ID2", 5*time.Second)}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := testledger.New(t, ledger.DefaultLimits())
			l.Merge(c.before)
			for range 2 {
				s := l.Merge(slices.Clone(c.after))
				state := s.Servers[len(s.Servers)-1]
				if len(state.Coverage.Gaps) != c.want {
					t.Fatalf("gaps %+v, want %d", state.Coverage.Gaps, c.want)
				}
				want := books.Gap{From: testledger.Noon.Add(10 * time.Second), To: testledger.Noon.Add(later), Restart: true}
				if c.want > 0 && state.Coverage.Gaps[0] != want {
					t.Errorf("gap %+v, want %+v", state.Coverage.Gaps[0], want)
				}
			}
		})
	}
}

// TestMovedServerLeavesItsAddress: who answers elsewhere is not missing where
// it was.
func TestMovedServerLeavesItsAddress(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
	l.Merge([]model.Reading{n1.Read()})
	moved := testledger.NewRing("ID2", "n1", 10)
	moved.Start, moved.Now = testledger.Noon.Add(time.Minute), testledger.Noon.Add(2*time.Minute)
	there := moved.Read()
	there.Endpoint = "other:8222"
	s := l.Merge([]model.Reading{{Endpoint: "n1:8222", Err: fmt.Errorf("refused")}, there})
	if s.Servers[0].Label != "n1:8222" || s.Servers[1].Label != "n1" {
		t.Fatalf("got %q and %q", s.Servers[0].Label, s.Servers[1].Label)
	}
}

// TestFailedReadingMayTellWhoIsMissing: a source may know better than the
// endpoint, where another server answers now.
func TestFailedReadingMayTellWhoIsMissing(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
	n1.Close(2)
	l.Merge([]model.Reading{n1.Read()})
	n2 := testledger.NewRing("ID2", "n2", 10).Read()
	n2.Endpoint = "n1:8222"
	missing := model.Reading{Endpoint: "n1:8222", Server: n1.Read().Server, Err: fmt.Errorf("gone")}
	s := l.Merge([]model.Reading{n2, missing})
	if got := s.Servers[1]; got.Label != "n1" || got.Answered || !got.Coverage.Until.Equal(n1.Now) {
		t.Fatalf("got %+v", got)
	}
}

// TestRestartForgetsNoGap: what is known of the server outlives its process.
func TestRestartForgetsNoGap(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
	n1.Close(12)
	since := n1.Now.Add(-9 * time.Second)
	l.Merge([]model.Reading{n1.Read()})
	l.Merge([]model.Reading{n1.Read()})
	overflow := n1.Now
	n1.Close(15)
	l.Merge([]model.Reading{n1.Read()})
	again := testledger.NewRing("ID2", "n1", 10)
	again.Start, again.Now = n1.Now.Add(time.Minute), n1.Now.Add(time.Minute)
	again.Close(13)
	l.Merge([]model.Reading{again.Read()})
	again.Wait(time.Second)
	c := l.Merge([]model.Reading{again.Read()}).Servers[0].Coverage
	want := []books.Gap{
		{From: overflow, To: n1.Now.Add(-9 * time.Second), Lost: 5},
		{From: n1.Now, To: again.Start, Restart: true},
		{From: again.Start, To: again.Now.Add(-10 * time.Second), Lost: 3},
	}
	if !slices.Equal(c.Gaps, want) || !c.Since.Equal(since) || c.EvictedBefore != 2 || !c.Until.Equal(again.Now) {
		t.Errorf("coverage %+v\nwant gaps %+v", c, want)
	}
}

// TestProcessesAreForgotten: a system whose servers restart each day must not
// grow.
func TestProcessesAreForgotten(t *testing.T) {
	now := testledger.Noon
	l := testledger.NewAt(t, ledger.Limits{Age: 24 * time.Hour, Always: 100, Count: 1000}, func() time.Time { return now })
	var s ledger.Snapshot
	for day := range 10 {
		n1 := testledger.NewRing(fmt.Sprintf("ID%d", day), "n1", 10)
		n1.Start = testledger.Noon.Add(time.Duration(day) * 25 * time.Hour)
		n1.Now = n1.Start
		n1.Close(3)
		now = n1.Now
		s = l.Merge([]model.Reading{n1.Read()})
	}
	if len(s.Kept) != 1 || testledger.Count(s) != 3 {
		t.Errorf("%d processes and %d stops are kept", len(s.Kept), testledger.Count(s))
	}
	// The last restart is still told, as the day before it is.
	if gaps := s.Servers[0].Coverage.Gaps; len(gaps) != 1 || !gaps[0].Restart {
		t.Errorf("gaps %+v", gaps)
	}
}

package stops

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestRestartKeepsWhatWasReadAndTellsTheGap(t *testing.T) {
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 10)
	n1.close(4)
	l.Merge([]Reading{n1.read()})
	again := newRing("ID2", "n1", 10)
	again.start = n1.now.Add(time.Minute)
	again.now = again.start
	again.close(2)
	s := l.Merge([]Reading{again.read()})
	if got := count(s); got != 6 {
		t.Fatalf("%d stops, want the old 4 and the new 2", got)
	}
	want := Gap{From: n1.now, To: again.start, Restart: true}
	if gaps := s.Servers[0].Coverage.Gaps; len(gaps) != 1 || gaps[0] != want {
		t.Fatalf("gaps %+v, want %+v", gaps, want)
	}
}

// TestWhoTookWhosePlace: a restart is known by the server's name, wherever it
// answers now; where there is none, by the endpoint.
func TestWhoTookWhosePlace(t *testing.T) {
	// at is a process that starts a minute after noon, unless it is the first.
	at := func(endpoint, name, id string, start time.Duration) Reading {
		r := newRing(id, name, 10)
		r.start = noon.Add(start)
		r.now = r.start.Add(10 * time.Second)
		reading := r.read()
		reading.Endpoint = endpoint
		return reading
	}
	gone := func(endpoint string) Reading { return Reading{Endpoint: endpoint, Err: fmt.Errorf("refused")} }
	const later = time.Minute
	for name, c := range map[string]struct {
		before, after []Reading
		want          int // gaps of the last reading
	}{
		"at the same address": {[]Reading{at("a", "n1", "ID1", 0)}, []Reading{at("a", "n1", "ID2", later)}, 1},
		"at another address":  {[]Reading{at("a", "n1", "ID1", 0)}, []Reading{at("b", "n1", "ID2", later)}, 1},
		"at another address, and the former one is still asked": {
			[]Reading{at("a", "n1", "ID1", 0)}, []Reading{gone("a"), at("b", "n1", "ID2", later)}, 1},
		"two that live have one name": {
			[]Reading{at("a", "n1", "ID1", 0)}, []Reading{at("a", "n1", "ID1", 0), at("b", "n1", "ID2", later)}, 0},
		"one of two that have one name": {
			[]Reading{at("a", "n1", "ID1", 0), at("b", "n1", "ID2", 0)},
			[]Reading{at("a", "n1", "ID1", 0), at("c", "n1", "ID3", later)}, 1},
		"another server at its address": {[]Reading{at("a", "n1", "ID1", 0)}, []Reading{at("a", "n2", "ID2", later)}, 0},
		"its address and its name, separately": {
			[]Reading{at("a", "n1", "ID1", 0), at("b", "n2", "ID2", 0)},
			[]Reading{at("b", "n2", "ID2", 0), at("a", "n3", "ID4", later), at("c", "n1", "ID3", later)}, 1},
		"without a name, at the same address": {
			[]Reading{at("a", "ID1", "ID1", 0)}, []Reading{at("a", "ID2", "ID2", later)}, 1},
		"without a name, at another address": {
			[]Reading{at("a", "ID1", "ID1", 0)}, []Reading{at("b", "ID2", "ID2", later)}, 0},
		"a name since the restart": {[]Reading{at("a", "ID1", "ID1", 0)}, []Reading{at("a", "n1", "ID2", later)}, 1},
		"started before the last read of the other": {
			[]Reading{at("a", "n1", "ID1", 0)}, []Reading{at("b", "n1", "ID2", 5*time.Second)}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := ledger(t, DefaultLimits())
			l.Merge(c.before)
			for range 2 {
				s := l.Merge(slices.Clone(c.after))
				state := s.Servers[len(s.Servers)-1]
				if len(state.Coverage.Gaps) != c.want {
					t.Fatalf("gaps %+v, want %d", state.Coverage.Gaps, c.want)
				}
				want := Gap{From: noon.Add(10 * time.Second), To: noon.Add(later), Restart: true}
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
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 10)
	l.Merge([]Reading{n1.read()})
	moved := newRing("ID2", "n1", 10)
	moved.start, moved.now = noon.Add(time.Minute), noon.Add(2*time.Minute)
	there := moved.read()
	there.Endpoint = "other:8222"
	s := l.Merge([]Reading{{Endpoint: "n1:8222", Err: fmt.Errorf("refused")}, there})
	if s.Servers[0].Label != "n1:8222" || s.Servers[1].Label != "n1" {
		t.Fatalf("got %q and %q", s.Servers[0].Label, s.Servers[1].Label)
	}
}

// TestFailedReadingMayTellWhoIsMissing: a source may know better than the
// endpoint, where another server answers now.
func TestFailedReadingMayTellWhoIsMissing(t *testing.T) {
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 10)
	n1.close(2)
	l.Merge([]Reading{n1.read()})
	n2 := newRing("ID2", "n2", 10).read()
	n2.Endpoint = "n1:8222"
	missing := Reading{Endpoint: "n1:8222", Server: n1.read().Server, Err: fmt.Errorf("gone")}
	s := l.Merge([]Reading{n2, missing})
	if got := s.Servers[1]; got.Label != "n1" || got.Answered || !got.Coverage.Until.Equal(n1.now) {
		t.Fatalf("got %+v", got)
	}
}

// TestRestartForgetsNoGap: what is known of the server outlives its process.
func TestRestartForgetsNoGap(t *testing.T) {
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 10)
	n1.close(12)
	since := n1.now.Add(-9 * time.Second)
	l.Merge([]Reading{n1.read()})
	l.Merge([]Reading{n1.read()})
	overflow := n1.now
	n1.close(15)
	l.Merge([]Reading{n1.read()})
	again := newRing("ID2", "n1", 10)
	again.start, again.now = n1.now.Add(time.Minute), n1.now.Add(time.Minute)
	again.close(13)
	c := l.Merge([]Reading{again.read()}).Servers[0].Coverage
	want := []Gap{
		{From: overflow, To: n1.now.Add(-9 * time.Second), Lost: 5},
		{From: n1.now, To: again.start, Restart: true},
		{From: again.start, To: again.now.Add(-9 * time.Second), Lost: 3},
	}
	if !slices.Equal(c.Gaps, want) || !c.Since.Equal(since) || c.EvictedBefore != 2 || !c.Until.Equal(again.now) {
		t.Errorf("coverage %+v\nwant gaps %+v", c, want)
	}
}

// TestProcessesAreForgotten: a system whose servers restart each day must not
// grow.
func TestProcessesAreForgotten(t *testing.T) {
	l := ledger(t, Limits{Age: 24 * time.Hour, Always: 100, Count: 1000})
	var s Snapshot
	for day := range 10 {
		n1 := newRing(fmt.Sprintf("ID%d", day), "n1", 10)
		n1.start = noon.Add(time.Duration(day) * 25 * time.Hour)
		n1.now = n1.start
		n1.close(3)
		s = l.Merge([]Reading{n1.read()})
	}
	if len(l.histories) != 1 || count(s) != 3 {
		t.Errorf("%d processes and %d stops are kept", len(l.histories), count(s))
	}
	// The last restart is still told, as the day before it is.
	if gaps := s.Servers[0].Coverage.Gaps; len(gaps) != 1 || !gaps[0].Restart {
		t.Errorf("gaps %+v", gaps)
	}
}

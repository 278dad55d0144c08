package ledger_test

import (
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// ahead is the reading of a server whose clock is that far ahead of ours: all
// that it says of time is, or what it stamped since.
func ahead(r *testledger.Ring, by time.Duration, since time.Time) model.Reading {
	reading := r.Read()
	reading.ClockOffset = by
	reading.Server.Now = reading.Server.Now.Add(by)
	if !reading.Server.Start.Before(since) {
		reading.Server.Start = reading.Server.Start.Add(by)
	}
	for i := range reading.Closed {
		if !reading.Closed[i].At.Before(since) {
			reading.Closed[i].At = reading.Closed[i].At.Add(by)
		}
	}
	return reading
}

func stopsOf(s ledger.Snapshot, id string) int {
	count := 0
	for _, kept := range s.Kept {
		if kept.ServerID == id {
			count += kept.Table.Len()
		}
	}
	return count
}

// TestWrongClocksAreTakenOut: times are by our clock once a clock is off by more
// than the tolerance, and the server's own stays beside them.
func TestWrongClocksAreTakenOut(t *testing.T) {
	for _, by := range []time.Duration{0, time.Second, -time.Second, 15 * time.Minute, -15 * time.Minute, 25 * time.Hour, -25 * time.Hour} {
		n1 := testledger.NewRing("ID1", "n1", 100)
		n1.Close(5)
		s := testledger.Snapshot(t, ahead(n1, by, testledger.Noon))
		out := by
		if by.Abs() <= 2*time.Second {
			out = 0
		}
		newest := testledger.Everything(s)[0]
		state := s.Servers[0]
		if at := n1.Now.Add(by); !newest.ServerAt.Equal(at) || !newest.At.Equal(at.Add(-out)) {
			t.Errorf("%s ahead: stopped at %s, its server says %s", by, newest.At, newest.ServerAt)
		}
		if state.ClockOffset != by || !state.Server.Now.Equal(n1.Now.Add(by-out)) || !state.Coverage.Since.Equal(testledger.Noon.Add(by-out)) {
			t.Errorf("%s ahead: %s, now %s, complete since %s", by, state.ClockOffset, state.Server.Now, state.Coverage.Since)
		}
	}
}

// TestAnOffsetDoesNotJitter: what is measured around the tolerance does not move times.
func TestAnOffsetDoesNotJitter(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 100)
	for _, by := range []time.Duration{2100, 1900, 2200, 1800, 2050} {
		n1.Close(1)
		r := ahead(n1, by*time.Millisecond, testledger.Noon)
		l.Merge([]model.Reading{r})
	}
	for _, stop := range testledger.Everything(l.Merge([]model.Reading{n1.Read()})) {
		if out := stop.ServerAt.Sub(stop.At); out != 2100*time.Millisecond {
			t.Errorf("%s was taken out of %s", out, stop.ServerAt)
		}
	}
}

// TestASlowAnswerMovesNoTimes: what is measured may be wrong by half the way there and back.
func TestASlowAnswerMovesNoTimes(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
	for _, slow := range []bool{true, false, true} {
		n1.Close(1)
		reading := n1.Read()
		if slow {
			reading.ClockOffset, reading.ClockDoubt = -4*time.Second, 4*time.Second
		}
		for _, stop := range testledger.Everything(l.Merge([]model.Reading{reading})) {
			if !stop.At.Equal(stop.ServerAt) {
				t.Errorf("moved by %s", stop.At.Sub(stop.ServerAt))
			}
		}
	}
}

// TestAWrongClockThatComesBackLeavesNoTrace: of its own server or of others.
func TestAWrongClockThatComesBackLeavesNoTrace(t *testing.T) {
	for _, by := range []time.Duration{25 * time.Hour, -25 * time.Hour, 10 * 365 * 24 * time.Hour} {
		l, good, edge := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "good", 10), testledger.NewRing("ID2", "edge", 100)
		var s ledger.Snapshot
		read := func(edges model.Reading) {
			good.Close(8)
			s = l.Merge([]model.Reading{good.Read(), edges})
		}
		edge.Close(7)
		read(edge.Read())
		edge.Close(3)
		wrong := edge.Now
		edge.Close(2)
		read(ahead(edge, by, wrong.Add(1)))
		if got := stopsOf(s, "ID2"); got != 12 {
			t.Errorf("%s ahead: %d of 12 stops are kept", by, got)
		}
		for range 3 {
			edge.Close(1)
			reading := edge.Read()
			// What it stamped while its clock was wrong stays so in its ring.
			for i := range reading.Closed {
				if cid := reading.Closed[i].CID; cid == 11 || cid == 12 {
					reading.Closed[i].At = reading.Closed[i].At.Add(by)
				}
			}
			read(reading)
		}
		if got, others := stopsOf(s, "ID2"), stopsOf(s, "ID1"); got != 15 || others != 40 {
			t.Errorf("%s ahead for a while: %d of 15 stops are kept, and %d of 40 of another server", by, got, others)
		}
		for _, stop := range testledger.Everything(s) {
			if stop.At.Before(testledger.Noon) || stop.At.After(good.Now) {
				t.Errorf("%s ahead for a while: a stop is at %s", by, stop.At)
			}
		}
		for i, state := range s.Servers {
			if c := state.Coverage; len(c.Gaps) != 0 || c.EvictedBefore != 0 || !c.Since.Equal(testledger.Noon) || state.Server.Now.After(good.Now) {
				t.Errorf("%s ahead for a while: server %d has %+v", by, i, c)
			}
		}
	}
}

// TestAClockThatStepsBackCostsOneWholeRead: and no record, nor is what is lost
// meanwhile taken for something else.
func TestAClockThatStepsBackCostsOneWholeRead(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
	n1.Close(5)
	l.Merge([]model.Reading{n1.Read()})
	l.Merge([]model.Reading{n1.Read()})
	back := func() model.Reading { return ahead(n1, -time.Hour, n1.Records[len(n1.Records)-1].At) }
	n1.Wait(time.Minute)
	if plan := l.Plan(back().Server); plan.Skip || plan.Known != nil {
		t.Fatalf("the plan after the step is %+v, want the whole ring", plan)
	}
	stepped := n1.Now
	n1.Close(30)
	for range 2 {
		n1.Wait(time.Second)
		l.Merge([]model.Reading{ahead(n1, -time.Hour, stepped)})
	}
	n1.Wait(time.Second)
	if plan := l.Plan(ahead(n1, -time.Hour, stepped).Server); plan.Known == nil && !plan.Skip {
		t.Error("a second whole ring is read")
	}
	c := l.Merge([]model.Reading{ahead(n1, -time.Hour, stepped)}).Servers[0].Coverage
	if c.LostIn(testledger.Always) != 20 || c.EvictedBefore != 0 {
		t.Errorf("%d lost, want 20; %+v", c.LostIn(testledger.Always), c)
	}
}

// TestAClockThatSlippedCostsOneWholeRead: it went back by less than passed
// meanwhile, which only its offset shows.
func TestAClockThatSlippedCostsOneWholeRead(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 100)
	n1.Close(5)
	l.Merge([]model.Reading{n1.Read()})
	n1.Wait(time.Minute)
	slow := func() model.Reading { return ahead(n1, -30*time.Second, n1.Now) }
	l.Merge([]model.Reading{slow()})
	if plan := l.Plan(slow().Server); plan.Skip || plan.Known != nil {
		t.Errorf("the plan is %+v, want the whole ring", plan)
	}
	l.Merge([]model.Reading{slow()})
	if plan := l.Plan(slow().Server); plan.Known == nil && !plan.Skip {
		t.Error("a second whole ring is read")
	}
}

// TestForgettingGoesByOurClock: a server that nobody hears is forgotten a day
// later, whatever its clock says.
func TestForgettingGoesByOurClock(t *testing.T) {
	now := testledger.Noon
	l := testledger.NewAt(t, ledger.DefaultLimits(), func() time.Time { return now })
	n1, n2 := testledger.NewRing("ID1", "n1", 10), testledger.NewRing("ID2", "n2", 10)
	n1.Close(3)
	n2.Close(3)
	l.Merge([]model.Reading{n1.Read(), ahead(n2, -48*time.Hour, testledger.Noon)})
	now = now.Add(23 * time.Hour)
	if s := l.Merge([]model.Reading{n1.Read()}); stopsOf(s, "ID2") != 3 {
		t.Errorf("%d stops of the other server after 23 hours", stopsOf(s, "ID2"))
	}
	now = now.Add(2 * time.Hour)
	if s := l.Merge([]model.Reading{n1.Read(), {Endpoint: "n2:8222", Err: errRefused}}); stopsOf(s, "ID2") != 0 || len(s.Lives) != 1 {
		t.Errorf("after 25 hours %d stops are kept of %d servers", stopsOf(s, "ID2"), len(s.Lives))
	}
}

// TestWhatAClockStampedBeforeItWentBackIsNotAhead: it was not read before.
func TestWhatAClockStampedBeforeItWentBackIsNotAhead(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 100)
	n1.Close(2)
	l.Merge([]model.Reading{ahead(n1, 0, testledger.Noon)})
	n1.Close(3)
	r := ahead(n1, -30*time.Second, n1.Now.Add(time.Second))
	s := l.Merge([]model.Reading{r})
	for _, stop := range testledger.Everything(s) {
		if stop.At.After(n1.Now) {
			t.Errorf("%s stopped at %s, after %s", stop.ServerAt, stop.At, n1.Now)
		}
	}
}

// TestARestartIsToldThoughTheClockWasPutForwardSince: by how long the process has
// been running; where it does not tell, as something that may be missing.
func TestARestartIsToldThoughTheClockWasPutForwardSince(t *testing.T) {
	for up, restart := range map[time.Duration]bool{30 * time.Second: true, 0: false} {
		l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
		n1.Close(5)
		n1.Wait(time.Hour)
		l.Merge([]model.Reading{n1.Read()})
		heard := n1.Now
		again := testledger.NewRing("ID2", "n1", 10)
		again.Start, again.Now = testledger.Noon, heard.Add(time.Minute)
		again.Close(2)
		reading := again.Read()
		reading.Server.Up = up
		state := l.Merge([]model.Reading{reading}).Servers[0]
		if gaps := state.Coverage.Gaps; len(gaps) != 1 || gaps[0].Restart != restart || !gaps[0].From.Equal(heard) {
			t.Errorf("up for %s: gaps %+v", up, gaps)
		}
		if began := again.Now.Add(-up); restart && !state.Server.Start.Equal(began) {
			t.Errorf("began at %s, not %s", state.Server.Start, began)
		}
	}
}

// TestARestartIsToldWhateverTheClocks: of two processes, one after the other,
// whose clocks differ by less than is taken out, and by more.
func TestARestartIsToldWhateverTheClocks(t *testing.T) {
	offsets := []time.Duration{0, time.Second, 1900 * time.Millisecond, time.Minute}
	for _, before := range offsets {
		for _, after := range offsets {
			for _, sign := range []time.Duration{1, -1} {
				l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
				n1.Close(5)
				former := l.Merge([]model.Reading{ahead(n1, sign*before, testledger.Noon)}).Servers[0]
				again := testledger.NewRing("ID2", "n1", 10)
				again.Start = n1.Now.Add(500 * time.Millisecond)
				again.Now = again.Start
				again.Close(12)
				s := l.Merge([]model.Reading{ahead(again, -sign*after, testledger.Noon)})
				c := s.Servers[0].Coverage
				if len(c.Gaps) != 1 || !c.Gaps[0].Restart || c.Gaps[0].To.Before(c.Gaps[0].From) {
					t.Errorf("clocks ahead by %s, then by %s: gaps %+v", sign*before, -sign*after, c.Gaps)
					continue
				}
				if gap := c.Gaps[0]; former.Server.Now.Before(gap.From) || former.Server.Now.After(gap.To) {
					t.Errorf("clocks ahead by %s, then by %s: the last read at %s is not in %+v", sign*before, -sign*after, former.Server.Now, gap)
				}
			}
		}
	}
}

package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

func TestRecordsAreKeptOnce(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 100)
	n1.Close(10)
	l.Merge([]model.Reading{n1.Read()})
	n1.Close(5)
	earlier := n1.Read()
	n1.Close(5)
	l.Merge([]model.Reading{n1.Read()})
	overtaken := l.Merge([]model.Reading{earlier})
	if got := testledger.Count(overtaken); got != 20 {
		t.Fatalf("%d stops, want each of 20 once", got)
	}
	coverage := l.Merge([]model.Reading{n1.Read()}).Servers[0].Coverage
	if len(coverage.Gaps) != 0 || coverage.EvictedBefore != 0 || !coverage.Since.Equal(testledger.Noon) {
		t.Fatalf("complete since the start, got %+v", coverage)
	}
}

func TestRecordsOutliveTheRing(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
	for range 5 {
		n1.Close(7)
		l.Merge([]model.Reading{n1.Read()})
	}
	s := l.Merge([]model.Reading{n1.Read()})
	if got := testledger.Count(s); got != 35 {
		t.Fatalf("%d stops, want 35", got)
	}
	if lost := s.Servers[0].Coverage.LostIn(testledger.Always); lost != 0 {
		t.Fatalf("%d lost, want none", lost)
	}
}

func TestOverflowBetweenReadsIsAGapOfExactSize(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
	n1.Close(4)
	l.Merge([]model.Reading{n1.Read()})
	last := n1.Now
	n1.Close(25)
	coverage := l.Merge([]model.Reading{n1.Read()}).Servers[0].Coverage
	if len(coverage.Gaps) != 0 {
		t.Fatalf("a gap was told that the next read may take back: %+v", coverage.Gaps)
	}
	want := books.Gap{From: last, To: n1.Now.Add(-9 * time.Second), Lost: 15}
	n1.Wait(time.Second)
	coverage = l.Merge([]model.Reading{n1.Read()}).Servers[0].Coverage
	if len(coverage.Gaps) != 1 || coverage.Gaps[0] != want {
		t.Fatalf("gaps %+v, want %+v", coverage.Gaps, want)
	}
	if got := coverage.LostIn(model.TimeRange{From: testledger.Noon.Add(-time.Minute), To: last}); got != 0 {
		t.Fatalf("%d lost before the gap, want 0", got)
	}
	n1.Close(3)
	coverage = l.Merge([]model.Reading{n1.Read()}).Servers[0].Coverage
	if coverage.EvictedBefore != 0 || coverage.LostIn(testledger.Always) != 15 {
		t.Fatalf("a joining read changed the count: %+v", coverage)
	}
}

func TestRecordStillBeingWrittenIsNoLoss(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 100)
	l.Merge([]model.Reading{n1.Read()})
	n1.Close(2)
	late := n1.Read()
	late.Closed = late.Closed[1:] // counted already, its record not written yet
	if lost := l.Merge([]model.Reading{late}).Servers[0].Coverage.LostIn(testledger.Always); lost != 0 {
		t.Fatalf("%d are told as lost that the next read brings", lost)
	}
	coverage := l.Merge([]model.Reading{n1.Read()}).Servers[0].Coverage
	if coverage.LostIn(testledger.Always) != 0 || len(coverage.Gaps) != 0 || coverage.EvictedBefore != 0 {
		t.Fatalf("want no loss, got %+v", coverage)
	}
}

func TestColdStart(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
	n1.Close(25)
	coverage := l.Merge([]model.Reading{n1.Read()}).Servers[0].Coverage
	if coverage.EvictedBefore != 15 || !coverage.Since.Equal(n1.Now.Add(-9*time.Second)) {
		t.Fatalf("got %+v", coverage)
	}
	if coverage.LostIn(testledger.Always) != 0 {
		t.Fatal("what left the ring before first contact is not lost since")
	}
}

func TestStopAfterTheCountersWereReadIsNoLoss(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
	n1.Close(10)
	before := n1.Read()
	n1.Close(3)
	reading := n1.Read()
	reading.Server = before.Server
	coverage := l.Merge([]model.Reading{reading}).Servers[0].Coverage
	if coverage.EvictedBefore != 3 {
		t.Fatalf("3 left the ring, got %+v", coverage)
	}
	coverage = l.Merge([]model.Reading{n1.Read()}).Servers[0].Coverage
	if coverage.EvictedBefore != 3 || len(coverage.Gaps) != 0 {
		t.Fatalf("got %+v", coverage)
	}
}

func TestOverflowByLeafnodesIsAGapOfUnknownSize(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 5)
	n1.CloseAs(3, model.KindLeafnode, "Client Closed")
	l.Merge([]model.Reading{n1.Read()})
	n1.CloseAs(20, model.KindLeafnode, "Client Closed")
	l.Merge([]model.Reading{n1.Read()})
	n1.Wait(time.Second)
	gaps := l.Merge([]model.Reading{n1.Read()}).Servers[0].Coverage.Gaps
	if len(gaps) != 1 || gaps[0].Lost != 0 {
		t.Fatalf("got %+v", gaps)
	}
}

func TestDeadServerKeepsItsNameAndRecords(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
	n1.Close(4)
	l.Merge([]model.Reading{n1.Read()})
	s := l.Merge([]model.Reading{{Endpoint: "n1:8222", Err: fmt.Errorf("refused")}})
	if s.AnsweredAny() || s.Servers[0].Label != "n1" || testledger.Count(s) != 4 {
		t.Fatalf("got %+v with %d stops", s.Servers[0], testledger.Count(s))
	}
}

func TestTwoServersOfOneNameAreToldApart(t *testing.T) {
	a, b := testledger.NewRing("ID1", "n1", 10).Read(), testledger.NewRing("ID2", "n1", 10).Read()
	b.Endpoint = "other:8222"
	s := testledger.New(t, ledger.DefaultLimits()).Merge([]model.Reading{a, b})
	if s.Servers[0].Label != "n1 (n1:8222)" || s.Servers[1].Label != "n1 (other:8222)" {
		t.Fatalf("got %q and %q", s.Servers[0].Label, s.Servers[1].Label)
	}
}

func TestRepeatedServerIsNotMissing(t *testing.T) {
	n1 := testledger.NewRing("ID1", "n1", 10).Read()
	again := model.Reading{Endpoint: "alias:8222", Server: n1.Server, Err: fmt.Errorf("the same server"), Repeated: true}
	s := testledger.New(t, ledger.DefaultLimits()).Merge([]model.Reading{n1, again})
	if len(s.Servers) != 1 || !s.Servers[0].Answered || len(s.Repeated) != 1 {
		t.Fatalf("got %+v", s)
	}
}

func TestEviction(t *testing.T) {
	t.Run("by age, but not the newest", func(t *testing.T) {
		l, n1 := testledger.New(t, ledger.Limits{Age: time.Hour, Always: 3, Count: 1000}), testledger.NewRing("ID1", "n1", 10)
		n1.Close(3)
		n1.Now = n1.Now.Add(2 * time.Hour)
		if got := testledger.Count(l.Merge([]model.Reading{n1.Read()})); got != 3 {
			t.Fatalf("%d stops, want 3, however old", got)
		}
		n1.Close(2)
		for range 2 {
			s := l.Merge([]model.Reading{n1.Read()})
			if got := testledger.Count(s); got != 3 {
				t.Fatalf("%d stops, want the newest 3", got)
			}
			if since := s.Servers[0].Coverage.Since; !since.Equal(testledger.Noon.Add(2*time.Second + 1)) {
				t.Fatalf("complete since %v", since)
			}
		}
	})
	t.Run("by count, and not taken in again", func(t *testing.T) {
		l, n1 := testledger.New(t, ledger.Limits{Age: time.Hour, Count: 4}), testledger.NewRing("ID1", "n1", 10)
		n1.Close(10)
		for range 2 {
			s := l.Merge([]model.Reading{n1.Read()})
			if got := testledger.Count(s); got != 4 {
				t.Fatalf("%d stops, want 4", got)
			}
			if lost := s.Servers[0].Coverage; lost.EvictedBefore != 0 || len(lost.Gaps) != 0 {
				t.Fatalf("dropping records is no loss of the server's: %+v", lost)
			}
		}
	})
}

func TestLimitsChangeWithoutLosingWhatFits(t *testing.T) {
	l, n1 := testledger.New(t, ledger.Limits{Age: time.Hour, Count: 4}), testledger.NewRing("ID1", "n1", 10)
	n1.Close(6)
	l.Merge([]model.Reading{n1.Read()})
	for _, step := range []struct{ count, closed, want int }{{8, 3, 7}, {8, 3, 8}, {2, 0, 2}} {
		l.SetLimits(ledger.Limits{Age: time.Hour, Count: step.count})
		n1.Close(step.closed)
		if got := testledger.Count(l.Merge([]model.Reading{n1.Read()})); got != step.want {
			t.Errorf("%d stops are kept of at most %d, want %d", got, step.count, step.want)
		}
	}
}

func TestAccountsAreUnifiedByID(t *testing.T) {
	l, old, newer := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10), testledger.NewRing("ID2", "n2", 10)
	old.Close(1)
	before := l.Merge([]model.Reading{old.Read()})
	newer.Close(1)
	named := newer.Read()
	named.Closed[0].Account = "orders"
	after := l.Merge([]model.Reading{old.Read(), named})
	for _, found := range testledger.Everything(after) {
		if found.Account != "orders" || found.AccountID != "A" {
			t.Fatalf("account %q of %s, want its name everywhere", found.Account, found.Server)
		}
	}
	if testledger.Count(before) != 1 {
		t.Fatal("an earlier snapshot changed")
	}
}

func TestPlan(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
	plan := func() string {
		p := l.Plan(n1.Read().Server)
		switch {
		case p.Skip:
			return "skip"
		case p.Known == nil:
			return "whole"
		default:
			return "join"
		}
	}
	step := func(what, want string) {
		t.Helper()
		if got := plan(); got != want {
			t.Fatalf("%s: %s, want %s", what, got, want)
		}
	}
	step("first contact", "whole")
	l.Merge([]model.Reading{n1.Read()})
	step("right after", "join")
	l.Merge([]model.Reading{n1.Read()})
	step("nothing moved", "skip")
	n1.Now = n1.Now.Add(10 * time.Second)
	step("counters do not show everything", "join")
	l.Merge([]model.Reading{n1.Read()})
	n1.Close(1)
	step("a stop", "join")
	l.Merge([]model.Reading{n1.Read()})
	step("once more after a change", "join")
	p := l.Plan(n1.Read().Server)
	first, second := testledger.At("ID1", 1, "", "A", n1.Now), testledger.At("ID1", 2, "", "A", n1.Now)
	if got := p.Known([]model.Stop{second, first}); got != 1 {
		t.Fatalf("%d records are known, the next is not", got)
	}
	l.Merge([]model.Reading{n1.Read()})
	step("quiet again", "skip")
	l.Stir("ID1")
	l.Stir("ID2")
	step("somebody tells of news", "join")
	l.Merge([]model.Reading{n1.Read()})
	step("there was none", "skip")
	restarted := testledger.NewRing("ID2", "n1", 10)
	if p := l.Plan(restarted.Read().Server); p.Skip || p.Known != nil {
		t.Fatal("another process has another ring")
	}
}

func TestConfirmedReadsExtendCoverage(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
	n1.Close(2)
	l.Merge([]model.Reading{n1.Read()})
	later := n1.Read()
	later.Server.Now, later.Ring, later.Closed = n1.Now.Add(5*time.Second), model.RingUnchanged, nil
	if until := l.Merge([]model.Reading{later}).Servers[0].Coverage.Until; !until.Equal(later.Server.Now) {
		t.Fatalf("complete until %v", until)
	}
	other := later
	other.Server.Now, other.Ring = n1.Now.Add(time.Hour), model.RingNotAsked
	if until := l.Merge([]model.Reading{other}).Servers[0].Coverage.Until; !until.Equal(later.Server.Now) {
		t.Fatalf("nobody looked at closed connections, yet complete until %v", until)
	}
}

// TestFlawsAreToldUntilTheRingIsReadAgain, not only by the read that met them.
func TestFlawsAreToldUntilTheRingIsReadAgain(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
	n1.Close(1)
	odd := n1.Read()
	odd.Flaws = []model.Flaw{{Field: "port", Count: 1}}
	unchanged := n1.Read()
	unchanged.Ring, unchanged.Closed = model.RingUnchanged, nil
	for i, c := range []struct {
		reading model.Reading
		flaws   int
	}{{odd, 1}, {unchanged, 1}, {n1.Read(), 0}, {unchanged, 0}} {
		if s := l.Merge([]model.Reading{c.reading}); len(s.Servers[0].Flaws) != c.flaws {
			t.Errorf("read %d: %v", i, s.Servers[0].Flaws)
		}
	}
}

// TestWhatStoppedAfterTheNewerReadFillsNoGap: two reads may share the counters,
// and the one that is merged last may have read its ring last.
func TestWhatStoppedAfterTheNewerReadFillsNoGap(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
	read := func() { l.Merge([]model.Reading{n1.Read()}) }
	n1.Close(4)
	read()
	n1.Close(25)
	read()
	n1.Wait(time.Second)
	read()
	counters := n1.Read()
	n1.Close(2)
	first := n1.Read()
	n1.Close(2)
	second := n1.Read()
	first.Server, second.Server = counters.Server, counters.Server
	first.HeardAt, second.HeardAt = testledger.Noon.Add(time.Millisecond), testledger.Noon
	l.Merge([]model.Reading{first})
	l.Merge([]model.Reading{second})
	n1.Wait(time.Second)
	s := l.Merge([]model.Reading{n1.Read()})
	if got := testledger.Count(s); got != 18 {
		t.Fatalf("%d stops, want the 18 that were not lost", got)
	}
	if lost := s.Servers[0].Coverage.LostIn(testledger.Always); lost != 15 {
		t.Fatalf("%d lost, want 15 as before", lost)
	}
}

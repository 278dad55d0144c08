package stops

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// ring is a simulated server: it closes connections and remembers the last few.
type ring struct {
	id, name string
	size     int
	start    time.Time
	now      time.Time
	next     uint64
	records  []Stop // oldest first
	leaves   int64
}

func newRing(id, name string, size int) *ring {
	return &ring{id: id, name: name, size: size, start: noon, now: noon, next: 1}
}

// close closes n connections, a second apart.
func (r *ring) close(n int) { r.closeAs(n, "Client", "Client Closed") }

func (r *ring) closeAs(n int, kind, reason string) {
	for range n {
		r.now = r.now.Add(time.Second)
		r.records = append(r.records, Stop{
			Connection: Connection{ServerID: r.id, CID: r.next, Kind: kind, Account: "A", AccountID: "A"},
			Reason:     reason, At: r.now,
		})
		r.next++
		if kind == KindLeafnode {
			r.leaves++
		}
	}
	if over := len(r.records) - r.size; over > 0 {
		r.records = r.records[over:]
	}
}

func (r *ring) read() Reading {
	closed := slices.Clone(r.records)
	slices.Reverse(closed)
	return Reading{
		Endpoint: r.name + ":8222",
		Server: Server{ID: r.id, Name: r.name, Start: r.start, Now: r.now, Total: int64(r.next) - 1 - r.leaves,
			Counters: Counters{Total: int64(r.next)}},
		Ring:   RingRead,
		Closed: closed,
	}
}

func ledger(t *testing.T, limits Limits) *Ledger {
	t.Helper()
	apps, err := NewAppNamer(DefaultAppPatterns())
	if err != nil {
		t.Fatal(err)
	}
	return NewLedger(limits, apps)
}

var always = Range{From: noon.Add(-time.Hour), To: noon.Add(240 * time.Hour)}

func count(s Snapshot) int {
	return len(s.Stops(Selection{Range: always, Classifier: NewClassifier(nil)}))
}

func TestRecordsAreKeptOnce(t *testing.T) {
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 100)
	n1.close(10)
	l.Merge([]Reading{n1.read()})
	n1.close(5)
	earlier := n1.read()
	n1.close(5)
	l.Merge([]Reading{n1.read()})
	overtaken := l.Merge([]Reading{earlier})
	if got := count(overtaken); got != 20 {
		t.Fatalf("%d stops, want each of 20 once", got)
	}
	coverage := l.Merge([]Reading{n1.read()}).Servers[0].Coverage
	if len(coverage.Gaps) != 0 || coverage.EvictedBefore != 0 || !coverage.Since.Equal(noon) {
		t.Fatalf("complete since the start, got %+v", coverage)
	}
}

func TestRecordsOutliveTheRing(t *testing.T) {
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 10)
	for range 5 {
		n1.close(7)
		l.Merge([]Reading{n1.read()})
	}
	s := l.Merge([]Reading{n1.read()})
	if got := count(s); got != 35 {
		t.Fatalf("%d stops, want 35", got)
	}
	if lost := s.Servers[0].Coverage.LostIn(always); lost != 0 {
		t.Fatalf("%d lost, want none", lost)
	}
}

func TestOverflowBetweenReadsIsAGapOfExactSize(t *testing.T) {
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 10)
	n1.close(4)
	l.Merge([]Reading{n1.read()})
	last := n1.now
	n1.close(25)
	coverage := l.Merge([]Reading{n1.read()}).Servers[0].Coverage
	want := Gap{From: last, To: n1.now.Add(-9 * time.Second), Lost: 15}
	if len(coverage.Gaps) != 1 || coverage.Gaps[0] != want {
		t.Fatalf("gaps %+v, want %+v", coverage.Gaps, want)
	}
	if got := coverage.LostIn(Range{From: noon.Add(-time.Minute), To: last}); got != 0 {
		t.Fatalf("%d lost before the gap, want 0", got)
	}
	n1.close(3)
	coverage = l.Merge([]Reading{n1.read()}).Servers[0].Coverage
	if coverage.EvictedBefore != 0 || coverage.LostIn(always) != 15 {
		t.Fatalf("a joining read changed the count: %+v", coverage)
	}
}

func TestRecordStillBeingWrittenIsNoLoss(t *testing.T) {
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 100)
	l.Merge([]Reading{n1.read()})
	n1.close(2)
	late := n1.read()
	late.Closed = late.Closed[1:] // counted already, its record not written yet
	if lost := l.Merge([]Reading{late}).Servers[0].Coverage.LostIn(always); lost != 1 {
		t.Fatalf("the first read cannot know better: %d", lost)
	}
	coverage := l.Merge([]Reading{n1.read()}).Servers[0].Coverage
	if coverage.LostIn(always) != 0 || len(coverage.Gaps) != 0 || coverage.EvictedBefore != 0 {
		t.Fatalf("want no loss, got %+v", coverage)
	}
}

func TestColdStart(t *testing.T) {
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 10)
	n1.close(25)
	coverage := l.Merge([]Reading{n1.read()}).Servers[0].Coverage
	if coverage.EvictedBefore != 15 || !coverage.Since.Equal(n1.now.Add(-9*time.Second)) {
		t.Fatalf("got %+v", coverage)
	}
	if coverage.LostIn(always) != 0 {
		t.Fatal("what left the ring before first contact is not lost since")
	}
}

func TestStopAfterTheCountersWereReadIsNoLoss(t *testing.T) {
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 10)
	n1.close(10)
	before := n1.read()
	n1.close(3)
	reading := n1.read()
	reading.Server = before.Server
	coverage := l.Merge([]Reading{reading}).Servers[0].Coverage
	if coverage.EvictedBefore != 3 {
		t.Fatalf("3 left the ring, got %+v", coverage)
	}
	coverage = l.Merge([]Reading{n1.read()}).Servers[0].Coverage
	if coverage.EvictedBefore != 3 || len(coverage.Gaps) != 0 {
		t.Fatalf("got %+v", coverage)
	}
}

func TestOverflowByLeafnodesIsAGapOfUnknownSize(t *testing.T) {
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 5)
	n1.closeAs(3, KindLeafnode, "Client Closed")
	l.Merge([]Reading{n1.read()})
	n1.closeAs(20, KindLeafnode, "Client Closed")
	gaps := l.Merge([]Reading{n1.read()}).Servers[0].Coverage.Gaps
	if len(gaps) != 1 || gaps[0].Lost != 0 {
		t.Fatalf("got %+v", gaps)
	}
}

func TestDeadServerKeepsItsNameAndRecords(t *testing.T) {
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 10)
	n1.close(4)
	l.Merge([]Reading{n1.read()})
	s := l.Merge([]Reading{{Endpoint: "n1:8222", Err: fmt.Errorf("refused")}})
	if s.AnsweredAny() || s.Servers[0].Label != "n1" || count(s) != 4 {
		t.Fatalf("got %+v with %d stops", s.Servers[0], count(s))
	}
}

func TestTwoServersOfOneNameAreToldApart(t *testing.T) {
	a, b := newRing("ID1", "n1", 10).read(), newRing("ID2", "n1", 10).read()
	b.Endpoint = "other:8222"
	s := ledger(t, DefaultLimits()).Merge([]Reading{a, b})
	if s.Servers[0].Label != "n1 (n1:8222)" || s.Servers[1].Label != "n1 (other:8222)" {
		t.Fatalf("got %q and %q", s.Servers[0].Label, s.Servers[1].Label)
	}
}

func TestRepeatedServerIsNotMissing(t *testing.T) {
	n1 := newRing("ID1", "n1", 10).read()
	again := Reading{Endpoint: "alias:8222", Server: n1.Server, Err: fmt.Errorf("the same server"), Repeated: true}
	s := ledger(t, DefaultLimits()).Merge([]Reading{n1, again})
	if len(s.Servers) != 1 || !s.Servers[0].Answered || len(s.Repeated) != 1 {
		t.Fatalf("got %+v", s)
	}
}

func TestEviction(t *testing.T) {
	t.Run("by age, but not the newest", func(t *testing.T) {
		l, n1 := ledger(t, Limits{Age: time.Hour, Always: 3, Count: 1000}), newRing("ID1", "n1", 10)
		n1.close(3)
		n1.now = n1.now.Add(2 * time.Hour)
		if got := count(l.Merge([]Reading{n1.read()})); got != 3 {
			t.Fatalf("%d stops, want 3, however old", got)
		}
		n1.close(2)
		for range 2 {
			s := l.Merge([]Reading{n1.read()})
			if got := count(s); got != 3 {
				t.Fatalf("%d stops, want the newest 3", got)
			}
			if since := s.Servers[0].Coverage.Since; !since.Equal(noon.Add(2*time.Second + 1)) {
				t.Fatalf("complete since %v", since)
			}
		}
	})
	t.Run("by count, and not taken in again", func(t *testing.T) {
		l, n1 := ledger(t, Limits{Age: time.Hour, Count: 4}), newRing("ID1", "n1", 10)
		n1.close(10)
		for range 2 {
			s := l.Merge([]Reading{n1.read()})
			if got := count(s); got != 4 {
				t.Fatalf("%d stops, want 4", got)
			}
			if lost := s.Servers[0].Coverage; lost.EvictedBefore != 0 || len(lost.Gaps) != 0 {
				t.Fatalf("dropping records is no loss of the server's: %+v", lost)
			}
		}
	})
}

func TestAccountsAreUnifiedByID(t *testing.T) {
	l, old, newer := ledger(t, DefaultLimits()), newRing("ID1", "n1", 10), newRing("ID2", "n2", 10)
	old.close(1)
	before := l.Merge([]Reading{old.read()})
	newer.close(1)
	named := newer.read()
	named.Closed[0].Account = "orders"
	after := l.Merge([]Reading{old.read(), named})
	for _, found := range after.Stops(Selection{Range: always, Classifier: NewClassifier(nil)}) {
		if found.Account != "orders" || found.AccountID != "A" {
			t.Fatalf("account %q of %s, want its name everywhere", found.Account, found.Server)
		}
	}
	if count(before) != 1 {
		t.Fatal("an earlier snapshot changed")
	}
}

func TestPlan(t *testing.T) {
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 10)
	plan := func() string {
		p := l.Plan(n1.read().Server)
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
	l.Merge([]Reading{n1.read()})
	step("right after", "join")
	l.Merge([]Reading{n1.read()})
	step("nothing moved", "skip")
	n1.now = n1.now.Add(10 * time.Second)
	step("counters do not show everything", "join")
	l.Merge([]Reading{n1.read()})
	n1.close(1)
	step("a stop", "join")
	l.Merge([]Reading{n1.read()})
	step("once more after a change", "join")
	if p := l.Plan(n1.read().Server); !p.Known(1) || p.Known(2) {
		t.Fatal("one record is known, the next is not")
	}
	l.Merge([]Reading{n1.read()})
	step("quiet again", "skip")
	restarted := newRing("ID2", "n1", 10)
	if p := l.Plan(restarted.read().Server); p.Skip || p.Known != nil {
		t.Fatal("another process has another ring")
	}
}

func TestConfirmedReadsExtendCoverage(t *testing.T) {
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 10)
	n1.close(2)
	l.Merge([]Reading{n1.read()})
	later := n1.read()
	later.Server.Now, later.Ring, later.Closed = n1.now.Add(5*time.Second), RingUnchanged, nil
	if until := l.Merge([]Reading{later}).Servers[0].Coverage.Until; !until.Equal(later.Server.Now) {
		t.Fatalf("complete until %v", until)
	}
	other := later
	other.Server.Now, other.Ring = n1.now.Add(time.Hour), RingNotAsked
	if until := l.Merge([]Reading{other}).Servers[0].Coverage.Until; !until.Equal(later.Server.Now) {
		t.Fatalf("nobody looked at closed connections, yet complete until %v", until)
	}
}

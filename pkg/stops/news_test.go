package stops

import (
	"errors"
	"slices"
	"testing"
	"time"
)

// listen collects what a ledger tells.
func listen(l *Ledger) *[]News {
	var heard []News
	l.Tell(func(n News) { heard = append(heard, n) })
	return &heard
}

func last(heard *[]News) News { return (*heard)[len(*heard)-1] }

func cids(ring RingNews) []uint64 {
	var all []uint64
	for _, s := range ring.Stops {
		all = append(all, s.CID)
	}
	return all
}

func TestNewsIsWhatTheLedgerDidNotKnow(t *testing.T) {
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 100)
	heard := listen(l)
	n1.close(2)
	l.Merge([]Reading{n1.read()})
	expect(t, "first read", cids(last(heard).Rings[0]), 1, 2)
	overtaken := n1.read()
	n1.close(1)
	late := n1.read()
	n1.close(1)
	l.Merge([]Reading{n1.read()})
	expect(t, "second read", cids(last(heard).Rings[0]), 3, 4)
	l.Merge([]Reading{late})
	l.Merge([]Reading{overtaken})
	if rings := last(heard).Rings; len(rings) != 1 || len(rings[0].Stops) != 0 || last(heard).Kept != 4 {
		t.Fatalf("nothing is new in what came too late, got %+v", last(heard))
	}
	l.Merge([]Reading{{Endpoint: "n1:8222", Server: n1.read().Server, Ring: RingUnchanged}, {Err: errors.New("down")}})
	if rings := last(heard).Rings; len(rings) != 0 {
		t.Fatalf("rings that were not read bring no news, got %+v", rings)
	}
}

func TestOvertakenReadsBringNewsToo(t *testing.T) {
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 100)
	heard := listen(l)
	l.Merge([]Reading{n1.read()})
	n1.close(2)
	slow := n1.read()
	n1.now = n1.now.Add(time.Second)
	fast := n1.read()
	fast.Closed = slices.Clone(fast.Closed[:1]) // the older record was written late
	l.Merge([]Reading{fast})
	l.Merge([]Reading{slow})
	expect(t, "the slow read", cids(last(heard).Rings[0]), 1)
}

func TestNewsCallsAccountsByTheirNames(t *testing.T) {
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 100)
	heard := listen(l)
	n1.close(2)
	n1.records[1].Account = "Alice" // as a newer server calls A
	l.Merge([]Reading{n1.read()})
	for _, s := range last(heard).Rings[0].Stops {
		if name := last(heard).Account(s); name != "Alice" {
			t.Errorf("the account of %d is %q", s.CID, name)
		}
	}
}

func TestGapsAreToldOnceTheirCountIsFinal(t *testing.T) {
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 10)
	heard := listen(l)
	n1.close(10)
	l.Merge([]Reading{n1.read()})
	n1.close(15)
	l.Merge([]Reading{n1.read()})
	if gaps := last(heard).Rings[0].Gaps; len(gaps) != 0 {
		t.Fatalf("a gap was told while its count may still change: %+v", gaps)
	}
	n1.close(13)
	l.Merge([]Reading{n1.read()})
	if gaps := last(heard).Rings[0].Gaps; len(gaps) != 1 || gaps[0].Lost != 5 {
		t.Fatalf("want the first gap of 5, got %+v", gaps)
	}
	l.Merge([]Reading{n1.read()})
	if gaps := last(heard).Rings[0].Gaps; len(gaps) != 1 || gaps[0].Lost != 3 {
		t.Fatalf("want the second gap of 3, got %+v", gaps)
	}
	l.Merge([]Reading{n1.read()})
	if gaps := last(heard).Rings[0].Gaps; len(gaps) != 0 {
		t.Fatalf("told again: %+v", gaps)
	}
}

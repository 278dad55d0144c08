package stops

import (
	"slices"
	"testing"
	"time"
)

// TestAccountScope: servers tell an ordinary account its own records, and no
// counters to compare them with.
func TestAccountScope(t *testing.T) {
	own := func(r *ring) Reading {
		reading := r.read()
		reading.Server = Server{ID: r.id, Name: r.name, Now: r.now, Uncounted: true}
		return reading
	}
	coverage := func(s Snapshot) Coverage { return s.Servers[0].Coverage }
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 10)
	if got := coverage(l.Merge([]Reading{own(n1)})); !got.Since.Equal(noon) {
		t.Errorf("an empty ring is complete since it was read, not since %v", got.Since)
	}
	n1.close(4)
	l.Merge([]Reading{own(n1)})
	last := n1.now
	n1.close(25)
	s := l.Merge([]Reading{own(n1)})
	want := []Gap{{From: last, To: n1.now.Add(-9 * time.Second)}}
	if got := coverage(s); !slices.Equal(got.Gaps, want) || count(s) != 14 {
		t.Errorf("after an overflow: %d stops, gaps %+v, want %+v", count(s), got.Gaps, want)
	}
	n1.close(3)
	if got := coverage(l.Merge([]Reading{own(n1)})); !slices.Equal(got.Gaps, want) {
		t.Errorf("after a read that meets known records: gaps %+v", got.Gaps)
	}
	// The stops of other accounts push this one's out of the ring.
	last = n1.now
	n1.now, n1.records = n1.now.Add(time.Minute), nil
	want = append(want, Gap{From: last, To: n1.now})
	if got := coverage(l.Merge([]Reading{own(n1)})); !slices.Equal(got.Gaps, want) {
		t.Errorf("after the ring was emptied: gaps %+v, want %+v", got.Gaps, want)
	}
	n1.close(1)
	if got := coverage(l.Merge([]Reading{own(n1)})); !slices.Equal(got.Gaps, want) {
		t.Errorf("nothing was in the ring that could be missing: gaps %+v", got.Gaps)
	}
	if plan := l.Plan(own(n1).Server); plan.Skip || plan.Known == nil {
		t.Error("without counters each read looks into the ring")
	}
	reborn := newRing("ID2", "n1", 10)
	last, reborn.now = n1.now, n1.now.Add(time.Hour)
	reborn.close(2)
	s = l.Merge([]Reading{own(reborn)})
	want = append(want, Gap{From: last, To: reborn.now.Add(-time.Second), Restart: true})
	if got := coverage(s); !slices.Equal(got.Gaps, want) {
		t.Errorf("after a restart: gaps %+v, want %+v", got.Gaps, want)
	}
	for metric, told := range map[string]bool{
		"answered": true, "records_lost": true, "oldest_age": true, "open": false, "total": false, "evicted_before": false, "uptime": false,
	} {
		if _, got := s.Servers[0].Number(metric, always); got != told {
			t.Errorf("%s is told: %v", metric, got)
		}
	}
}

// TestAccountScopeReachesBackToItsOldestRecord: what was before it may have left the ring.
func TestAccountScopeReachesBackToItsOldestRecord(t *testing.T) {
	l, n1 := ledger(t, DefaultLimits()), newRing("ID1", "n1", 10)
	n1.close(5)
	reading := n1.read()
	reading.Server = Server{ID: n1.id, Name: n1.name, Now: n1.now, Uncounted: true}
	if got := l.Merge([]Reading{reading}).Servers[0].Coverage.Since; !got.Equal(noon.Add(time.Second)) {
		t.Errorf("complete since %v", got)
	}
}

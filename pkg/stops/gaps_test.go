package stops

import (
	"testing"
	"time"
)

// TestGapsAreForgottenWithTheirTime: a ring that overflows all the time must not
// fill the memory with gaps, nor turn what was lost into something else.
func TestGapsAreForgottenWithTheirTime(t *testing.T) {
	l, n1 := ledger(t, Limits{Age: time.Minute, Always: 10, Count: 1000}), newRing("ID1", "n1", 10)
	n1.close(5)
	l.Merge([]Reading{n1.read()})
	var c Coverage
	for range 50 {
		n1.close(25)
		l.Merge([]Reading{n1.read()})
		c = l.Merge([]Reading{n1.read()}).Servers[0].Coverage
	}
	if len(c.Gaps) < 1 || len(c.Gaps) > 5 || c.EvictedBefore != 0 {
		t.Fatalf("%d gaps and %d evicted before", len(c.Gaps), c.EvictedBefore)
	}
	for _, gap := range c.Gaps {
		if gap.Lost != 15 {
			t.Errorf("gap %+v, want 15 lost", gap)
		}
	}
}

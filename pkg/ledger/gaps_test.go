package ledger_test

import (
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// TestGapsAreForgottenWithTheirTime: a ring that overflows all the time must not
// fill the memory with gaps, nor turn what was lost into something else.
func TestGapsAreForgottenWithTheirTime(t *testing.T) {
	l, n1 := testledger.New(t, ledger.Limits{Age: time.Minute, Always: 10, Count: 1000}), testledger.NewRing("ID1", "n1", 10)
	n1.Close(5)
	l.Merge([]model.Reading{n1.Read()})
	var c ledger.Coverage
	for range 50 {
		n1.Close(25)
		l.Merge([]model.Reading{n1.Read()})
		c = l.Merge([]model.Reading{n1.Read()}).Servers[0].Coverage
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

// TestGapsOfWhoCountsNothingAreBounded: where nothing tells how many records were lost,
// too, the oldest of very many gaps are told as one.
func TestGapsOfWhoCountsNothingAreBounded(t *testing.T) {
	l, n1 := testledger.New(t, ledger.Limits{Age: 24 * time.Hour, Always: 10, Count: 100_000}), testledger.NewRing("ID1", "n1", 2)
	var c ledger.Coverage
	for range 2500 {
		n1.Close(4)
		reading := n1.Read()
		reading.Server.Uncounted = true
		c = l.Merge([]model.Reading{reading}).Servers[0].Coverage
	}
	if len(c.Gaps) != 2000 || c.Gaps[0].To.Sub(c.Gaps[0].From) < c.Gaps[1].To.Sub(c.Gaps[1].From)*400 {
		t.Errorf("%d gaps, the first %+v", len(c.Gaps), c.Gaps[0])
	}
}

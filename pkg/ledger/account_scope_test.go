package ledger_test

import (
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// TestAccountScope: servers tell an ordinary account its own records, and no
// counters to compare them with.
func TestAccountScope(t *testing.T) {
	own := func(r *testledger.Ring) model.Reading {
		reading := r.Read()
		reading.Server = model.Server{ID: r.ID, Name: r.Name, Now: r.Now, Uncounted: true}
		return reading
	}
	coverage := func(s ledger.Snapshot) ledger.Coverage { return s.Servers[0].Coverage }
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
	if got := coverage(l.Merge([]model.Reading{own(n1)})); !got.Since.Equal(testledger.Noon) {
		t.Errorf("an empty ring is complete since it was read, not since %v", got.Since)
	}
	n1.Close(4)
	l.Merge([]model.Reading{own(n1)})
	last := n1.Now
	n1.Close(25)
	s := l.Merge([]model.Reading{own(n1)})
	want := []books.Gap{{From: last, To: n1.Now.Add(-9 * time.Second)}}
	if got := coverage(s); !slices.Equal(got.Gaps, want) || testledger.Count(s) != 14 {
		t.Errorf("after an overflow: %d stops, gaps %+v, want %+v", testledger.Count(s), got.Gaps, want)
	}
	n1.Close(3)
	if got := coverage(l.Merge([]model.Reading{own(n1)})); !slices.Equal(got.Gaps, want) {
		t.Errorf("after a read that meets known records: gaps %+v", got.Gaps)
	}
	// The stops of other accounts push this one's out of the ring.
	last = n1.Now
	n1.Now, n1.Records = n1.Now.Add(time.Minute), nil
	want = append(want, books.Gap{From: last, To: n1.Now})
	if got := coverage(l.Merge([]model.Reading{own(n1)})); !slices.Equal(got.Gaps, want) {
		t.Errorf("after the ring was emptied: gaps %+v, want %+v", got.Gaps, want)
	}
	n1.Close(1)
	if got := coverage(l.Merge([]model.Reading{own(n1)})); !slices.Equal(got.Gaps, want) {
		t.Errorf("nothing was in the ring that could be missing: gaps %+v", got.Gaps)
	}
	if plan := l.Plan(own(n1).Server); plan.Skip || plan.Known == nil {
		t.Error("without counters each read looks into the ring")
	}
	reborn := testledger.NewRing("ID2", "n1", 10)
	last, reborn.Now = n1.Now, n1.Now.Add(time.Hour)
	reborn.Close(2)
	s = l.Merge([]model.Reading{own(reborn)})
	want = append(want, books.Gap{From: last, To: reborn.Now.Add(-time.Second), Restart: true})
	if got := coverage(s); !slices.Equal(got.Gaps, want) {
		t.Errorf("after a restart: gaps %+v, want %+v", got.Gaps, want)
	}
}

// TestAccountScopeReachesBackToItsOldestRecord: what was before it may have left the ring.
func TestAccountScopeReachesBackToItsOldestRecord(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
	n1.Close(5)
	reading := n1.Read()
	reading.Server = model.Server{ID: n1.ID, Name: n1.Name, Now: n1.Now, Uncounted: true}
	if got := l.Merge([]model.Reading{reading}).Servers[0].Coverage.Since; !got.Equal(testledger.Noon.Add(time.Second)) {
		t.Errorf("complete since %v", got)
	}
}

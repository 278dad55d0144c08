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

// two are ledgers that read one server.
func two(t *testing.T) (a, b *ledger.Ledger, n1 *testledger.Ring) {
	t.Helper()
	clock := func() time.Time { return testledger.Noon.Add(time.Hour) }
	a, b = testledger.NewAt(t, ledger.DefaultLimits(), clock), testledger.NewAt(t, ledger.DefaultLimits(), clock)
	return a, b, testledger.NewRing("ID1", "n1", 10)
}

// toldBy has a ledger learn from a history what another knows.
func toldBy(t *testing.T, into, other *ledger.Ledger, ring *testledger.Ring) {
	t.Helper()
	standing, _ := other.Standing(ring.ID)
	var stops []model.Stop
	for _, stop := range testledger.Everything(other.Merge(nil)) {
		stops = append(stops, *stop)
	}
	past := into.Recall()
	past.Take([]ledger.Chapter{{Standing: *standing, Stops: stops}})
	past.Done()
}

// accountsFor holds that each stop of a server is known, or said to be missing, once
// nothing is in doubt any more.
func accountsFor(t *testing.T, l *ledger.Ledger, ring *testledger.Ring) {
	t.Helper()
	var s ledger.Snapshot
	for range 4 {
		ring.Wait(2 * time.Second)
		s = l.Merge([]model.Reading{ring.Read()})
	}
	known, lost := int64(testledger.Count(s)), s.Servers[0].Coverage.LostIn(testledger.Always)
	if known+lost != ring.Total() {
		t.Errorf("%d stops are known, and %d missing, of %d: %+v", known, lost, ring.Total(), s.Servers[0].Coverage)
	}
}

// TestWhatOthersMissedAsWell: the ring turned over between two reads of ours, and they
// read it sooner, so that we know all that it shows.
func TestWhatOthersMissedAsWell(t *testing.T) {
	a, b, n1 := two(t)
	n1.Close(8)
	for _, l := range []*ledger.Ledger{a, b} {
		l.Merge([]model.Reading{n1.Read()})
	}
	n1.Close(15)
	a.Merge([]model.Reading{n1.Read()})
	toldBy(t, b, a, n1)
	accountsFor(t, b, n1)
}

// TestWhatOthersDoubtIsMissingOnce, though it had left the ring before we met the server.
func TestWhatOthersDoubtIsMissingOnce(t *testing.T) {
	a, b, n1 := two(t)
	n1.Close(10)
	a.Merge([]model.Reading{n1.Read()})
	n1.Close(15)
	a.Merge([]model.Reading{n1.Read()})
	if standing, _ := a.Standing("ID1"); standing.Unsettled == nil || len(standing.Gaps) > 0 {
		t.Fatalf("nothing is in doubt: %+v", standing)
	}
	n1.Close(1)
	b.Merge([]model.Reading{n1.Read()})
	toldBy(t, b, a, n1)
	accountsFor(t, b, n1)
}

// TestWhatBothMissedIsMissingOnce, where each has told of it already.
func TestWhatBothMissedIsMissingOnce(t *testing.T) {
	a, b, n1 := two(t)
	read := func(by ...*ledger.Ledger) {
		for _, l := range by {
			n1.Wait(2 * time.Second)
			l.Merge([]model.Reading{n1.Read()})
		}
	}
	n1.Close(8)
	read(a)
	n1.Close(8)
	read(a, b)
	n1.Close(30)
	read(a, b, a, b)
	toldBy(t, b, a, n1)
	accountsFor(t, b, n1)
	n1.Close(15)
	read(b)
	accountsFor(t, b, n1)
}

// TestWhatWeHaveIsNotMissing, though others who met the server before us told of it, or
// doubted it when they wrote.
func TestWhatWeHaveIsNotMissing(t *testing.T) {
	for name, reads := range map[string]int{"told": 4, "in doubt": 1} {
		t.Run(name, func(t *testing.T) {
			a, b, n1 := two(t)
			a.Merge([]model.Reading{n1.Read()})
			n1.Close(15)
			b.Merge([]model.Reading{n1.Read()})
			n1.Close(6)
			for range reads {
				n1.Wait(2 * time.Second)
				a.Merge([]model.Reading{n1.Read()})
			}
			if standing, _ := a.Standing("ID1"); (standing.Unsettled == nil) != (reads > 1) || (len(standing.Gaps) == 0) != (reads == 1) {
				t.Fatalf("%+v", standing)
			}
			toldBy(t, b, a, n1)
			accountsFor(t, b, n1)
		})
	}
}

// TestAHistoryThatBeginsWithWhoKnewLess is not said to be complete before that one's
// knowledge was.
func TestAHistoryThatBeginsWithWhoKnewLess(t *testing.T) {
	a, b, n1 := two(t)
	n1.Close(9)
	a.Merge([]model.Reading{n1.Read()})
	standing, _ := a.Standing("ID1")
	standing.Since = n1.Records[6].At
	past := b.Recall()
	past.Take([]ledger.Chapter{{Standing: *standing, Stops: []model.Stop{n1.Records[8], n1.Records[3]}, From: n1.Records[3].At, Earlier: 7}})
	past.Done()
	idle := n1.Read()
	idle.Ring, idle.Closed = model.RingNotAsked, nil
	if got := b.Merge([]model.Reading{idle}).Servers[0].Coverage.Since; !got.Equal(standing.Since) {
		t.Errorf("complete since %s, its writer since %s", got, standing.Since)
	}
}

// TestWhatAHistoryLacksIsToldWhereNobodyCounts: what a ring shows there takes nothing back.
func TestWhatAHistoryLacksIsToldWhereNobodyCounts(t *testing.T) {
	a, b, n1 := two(t)
	read := func(l *ledger.Ledger) ledger.Snapshot {
		reading := n1.Read()
		reading.Server.Uncounted = true
		return l.Merge([]model.Reading{reading})
	}
	n1.Close(8)
	read(a)
	standing, _ := a.Standing("ID1")
	lack := books.Gap{From: n1.Records[0].At, To: n1.Records[7].At, Lost: 5, History: true}
	stops := n1.Records[5:]
	n1.Close(20)
	read(b)
	past := b.Recall()
	past.Take([]ledger.Chapter{{Standing: *standing, Stops: stops, Lacks: []books.Gap{lack}}})
	past.Done()
	if gaps := read(b).Servers[0].Coverage.Gaps; !slices.Contains(gaps, lack) {
		t.Errorf("gaps %+v", gaps)
	}
}

package telemetry

import (
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
)

// reader brings to Counted what a fresh ledger would tell of a ring.
type reader struct {
	Dedup
	clock time.Time
	// recalled: the ledger knows the server from a history.
	recalled bool
}

func newReader() *reader { return &reader{clock: testledger.Noon.Add(time.Hour)} }

// take returns the cids that are to be counted.
func (r *reader) take(from *testledger.Ring) []uint64 {
	reading := from.Read()
	news := ledger.RingNews{Server: reading.Server, Recalled: r.recalled}
	for i := range slices.Backward(reading.Closed) {
		news.Stops = append(news.Stops, &reading.Closed[i])
	}
	var cids []uint64
	for _, s := range r.Take(news, r.clock) {
		cids = append(cids, s.CID)
	}
	return cids
}

// pass lets time pass, here and on the server.
func (r *reader) pass(d time.Duration, servers ...*testledger.Ring) {
	r.clock = r.clock.Add(d)
	for _, s := range servers {
		s.Now = s.Now.Add(d)
	}
}

func TestStopsAreCountedOnceFromFirstContactOn(t *testing.T) {
	r, n1 := newReader(), testledger.NewRing("ID1", "n1", 100)
	n1.Close(3)
	testledger.Expect(t, "what the ring held at first contact", r.take(n1))
	n1.Close(2)
	testledger.Expect(t, "what is new", r.take(n1), 4, 5)
	testledger.Expect(t, "the same again", r.take(n1))
	n1.Close(1)
	testledger.Expect(t, "one more", r.take(n1), 6)
	r.pass(10*time.Minute, n1)
	n1.Close(70)
	testledger.Expect(t, "many at once", r.take(n1)[:2], 7, 8)
	n1.Close(1)
	testledger.Expect(t, "after these", r.take(n1), 77)
}

// TestWhatAHistoryKnowsIsNoFirstContact: what stopped since it was written is counted.
func TestWhatAHistoryKnowsIsNoFirstContact(t *testing.T) {
	r, n1 := newReader(), testledger.NewRing("ID1", "n1", 100)
	r.recalled = true
	n1.Close(3)
	testledger.Expect(t, "what is news to the ledger", r.take(n1), 1, 2, 3)
	testledger.Expect(t, "the same again", r.take(n1))
}

func TestAnEmptyRingAtFirstContactHidesNothing(t *testing.T) {
	r, n1 := newReader(), testledger.NewRing("ID1", "n1", 100)
	testledger.Expect(t, "nothing", r.take(n1))
	n1.Close(2)
	testledger.Expect(t, "the first stops", r.take(n1), 1, 2)
}

func TestServersThatBeginLaterAreCountedFromTheirStart(t *testing.T) {
	r, n1 := newReader(), testledger.NewRing("ID1", "n1", 100)
	n1.Close(3)
	r.take(n1)
	r.pass(time.Hour)

	// Its clock is hours off, but it has run for ten minutes only.
	restarted := testledger.NewRing("ID2", "n1", 100)
	restarted.Start, restarted.Now = testledger.Noon.Add(-5*time.Hour), testledger.Noon.Add(-5*time.Hour+10*time.Minute)
	restarted.Close(2)
	testledger.Expect(t, "a restart", r.take(restarted), 1, 2)

	older := testledger.NewRing("ID3", "n3", 100)
	older.Start, older.Now = testledger.Noon.Add(5*time.Hour), testledger.Noon.Add(6*time.Hour+time.Minute)
	older.Close(2)
	testledger.Expect(t, "one that ran before first contact", r.take(older))
	older.Close(1)
	testledger.Expect(t, "its next stop", r.take(older), 3)

	unknown := testledger.NewRing("ID4", "n4", 100)
	unknown.Start = time.Time{}
	unknown.Close(2)
	testledger.Expect(t, "one that does not tell when it began", r.take(unknown))
}

func TestAllServersOfTheFirstReadAreMetTogether(t *testing.T) {
	r, n1, n2 := newReader(), testledger.NewRing("ID1", "n1", 100), testledger.NewRing("ID2", "n2", 100)
	n1.Close(1)
	n2.Close(1)
	testledger.Expect(t, "the first server", r.take(n1))
	testledger.Expect(t, "the second", r.take(n2))
}

func TestLateRecordsAreCounted(t *testing.T) {
	r, n1 := newReader(), testledger.NewRing("ID1", "n1", 1000)
	r.take(n1)
	n1.Close(200)
	late := n1.Records[190] // 10 seconds before the newest
	n1.Records = slices.Delete(n1.Records, 190, 191)
	if got := len(r.take(n1)); got != 199 {
		t.Fatalf("counted %d, want all but the late one", got)
	}
	n1.Close(1)
	testledger.Expect(t, "the next", r.take(n1), 201)
	n1.Records = append(n1.Records, late)
	testledger.Expect(t, "the late one", r.take(n1), late.CID)
	testledger.Expect(t, "the late one again", r.take(n1))
}

func TestAClockThatIsPutBackStopsNoCounting(t *testing.T) {
	r, n1 := newReader(), testledger.NewRing("ID1", "n1", 100)
	r.take(n1)
	r.pass(time.Hour, n1) // too far
	for range 5 {
		n1.Close(50)
		r.take(n1)
	}
	n1.Now = n1.Now.Add(-time.Hour)
	counted := 0
	for range 100 {
		n1.Close(50)
		counted += len(r.take(n1))
	}
	if p := r.servers["ID1"]; counted != 5000 || len(p.older.cids)+len(p.recent.cids) > 10 {
		t.Fatalf("counted %d of 5,000 and remembers %d words of cids", counted, len(p.older.cids)+len(p.recent.cids))
	}
}

func TestWhatWasCountedTakesLittleMemory(t *testing.T) {
	r, n1 := newReader(), testledger.NewRing("ID1", "n1", 100)
	counted := 0
	for range 1000 {
		n1.Close(50) // fifty seconds
		counted += len(r.take(n1))
	}
	if counted != 49_950 {
		t.Fatalf("counted %d of 49,950 after first contact", counted)
	}
	p := r.servers["ID1"]
	if words := len(p.older.cids) + len(p.recent.cids); words > 10 {
		t.Fatalf("%d words of cids are remembered", words)
	}
}

func TestForgottenServersAreNotCountedTwice(t *testing.T) {
	r, n1, n2 := newReader(), testledger.NewRing("ID1", "n1", 100), testledger.NewRing("ID2", "n2", 100)
	r.take(n2)
	r.pass(time.Hour)
	n1.Close(3)
	testledger.Expect(t, "a server that began after first contact", r.take(n1), 1, 2, 3)
	r.pass(20*time.Hour, n1)
	r.take(n2)
	r.pass(5*time.Hour, n1)
	r.take(testledger.NewRing("ID3", "n3", 100)) // meeting another one is when the old are forgotten
	if r.servers["ID1"] != nil || r.servers["ID2"] == nil {
		t.Fatal("those that were heard within a day are remembered, and no others")
	}
	testledger.Expect(t, "the same ring a day later", r.take(n1))
	n1.Close(1)
	testledger.Expect(t, "its next stop", r.take(n1), 4)
}

package restart

import (
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

const minutes = time.Minute

// run is a process of a server, read until a time after noon.
func run(name, id, version string, began, until time.Duration, stops ...model.Stop) model.Reading {
	r := testledger.Answered(name, stops...)
	r.Server.ID, r.Server.Cluster, r.Server.Version = id, "c1", version
	r.Server.Start, r.Server.Now = testledger.Noon.Add(began), testledger.Noon.Add(until)
	r.HeardAt = r.Server.Now
	return r
}

func sentAway(id string, cid uint64, at time.Duration) model.Stop {
	return testledger.At(id, cid, serverShutdown, "orders", testledger.Noon.Add(at))
}

// rolling is a cluster of two that is upgraded: n1 two minutes after noon, n2 ten
// minutes after it, of which only n1 was seen to announce it.
func rolling(t *testing.T) ledger.Snapshot {
	t.Helper()
	now := testledger.Noon
	l := testledger.NewAt(t, ledger.DefaultLimits(), func() time.Time { return now })
	old2 := func(until time.Duration) model.Reading { return run("n2", "2a", "2.9.0", -60*minutes, until) }
	new1 := func(until time.Duration) model.Reading { return run("n1", "1b", "2.10.0", 2*minutes, until) }
	for _, readings := range [][]model.Reading{
		{run("n1", "1a", "2.9.0", -60*minutes, minutes), old2(minutes)},
		{run("n1", "1a", "2.9.0", -60*minutes, 90*time.Second, sentAway("1a", 2, 85*time.Second), sentAway("1a", 1, 80*time.Second)), old2(90 * time.Second)},
		{new1(3 * minutes), old2(3 * minutes)},
		{new1(11 * minutes), run("n2", "2b", "2.10.0", 10*minutes, 11*minutes)},
	} {
		now = readings[0].Server.Now
		l.Merge(readings)
	}
	return l.Merge([]model.Reading{new1(12 * minutes), run("n2", "2b", "2.10.0", 10*minutes, 12*minutes)})
}

func TestWhatBelongsTogether(t *testing.T) {
	s := rolling(t)
	for _, test := range []struct {
		inTurn time.Duration
		titles []string
	}{
		{30 * minutes, []string{"rolling upgrade of cluster c1 to 2.10.0"}},
		{8 * minutes, []string{"rolling upgrade of cluster c1 to 2.10.0"}},
		{8*minutes - 1, []string{"upgrade of n1 to 2.10.0", "upgrade of n2 to 2.10.0"}},
	} {
		found := Find(s, test.inTurn)
		if len(found) != len(test.titles) {
			t.Fatalf("%v: %d events", test.inTurn, len(found))
		}
		for i, e := range found {
			if e.Title() != test.titles[i] || !e.Planned() || e.Together() {
				t.Errorf("%v: %q, planned %v, together %v", test.inTurn, e.Title(), e.Planned(), e.Together())
			}
		}
	}
}

func TestWhatIsPartOfARestart(t *testing.T) {
	e := Find(rolling(t), 30*minutes)[0]
	for _, test := range []struct {
		process, label string
		at             time.Duration
		has            bool
	}{
		{"1a", "n1", 80 * time.Second, true},
		{"1a", "n1", 65 * time.Second, true}, // It heeded the notice.
		{"1a", "n1", 64 * time.Second, false},
		{"1b", "n1", 3 * minutes, false},
		{"2a", "n2", 80 * time.Second, false},
		{"2a", "n2", 9 * minutes, false}, // It did not say that it would go.
	} {
		at := testledger.Noon.Add(test.at)
		if e.Has(test.process, at) != test.has || e.HasAt(test.label, at) != test.has {
			t.Errorf("%s at %v: %v, %v", test.process, test.at, e.Has(test.process, at), e.HasAt(test.label, at))
		}
	}
}

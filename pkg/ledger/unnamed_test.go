package ledger_test

import (
	"errors"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

var errRefused = errors.New("refused")

// unnamed is a server without server_name, which is NATS's default: it is called by its id.
func unnamed(id string) *testledger.Ring { return testledger.NewRing(id, id, 100) }

// at is the reading from one endpoint.
func at(endpoint string, reading model.Reading) model.Reading {
	reading.Endpoint = endpoint
	return reading
}

// openOnly is a reading by somebody who asks for open connections alone.
func openOnly(reading model.Reading) model.Reading {
	reading.Ring, reading.Closed = model.RingNotAsked, nil
	return reading
}

// TestOpenReadSwallowsNoRestart: whether a panel of open connections or one of
// stops is the first to see a restarted server, the restart is told.
func TestOpenReadSwallowsNoRestart(t *testing.T) {
	for _, openFirst := range []bool{false, true} {
		l, before := testledger.New(t, ledger.DefaultLimits()), unnamed("ID1")
		before.Close(4)
		l.Merge([]model.Reading{at("a", before.Read())})
		again := unnamed("ID2")
		again.Start = before.Now.Add(time.Minute)
		again.Now = again.Start
		again.Close(2)
		if openFirst {
			l.Merge([]model.Reading{at("a", openOnly(again.Read()))})
		}
		want := books.Gap{From: before.Now, To: again.Start, Restart: true}
		gaps := l.Merge([]model.Reading{at("a", again.Read())}).Servers[0].Coverage.Gaps
		if len(gaps) != 1 || gaps[0] != want {
			t.Errorf("open connections asked first: %v: gaps %+v, want %+v", openFirst, gaps, want)
		}
	}
}

// TestWhoJoinsSucceedsNobody: nobody was at the endpoint before but the server itself.
func TestWhoJoinsSucceedsNobody(t *testing.T) {
	l, a, b := testledger.New(t, ledger.DefaultLimits()), unnamed("IDA"), unnamed("IDB")
	b.Close(3)
	l.Merge([]model.Reading{b.Read()})
	a.Close(2)
	l.Merge([]model.Reading{openOnly(b.Read()), openOnly(a.Read())})
	s := l.Merge([]model.Reading{b.Read(), a.Read()})
	if gaps := s.Servers[1].Coverage.Gaps; len(gaps) != 0 || testledger.Count(s) != 5 {
		t.Errorf("%d stops, gaps %+v", testledger.Count(s), gaps)
	}
}

// TestBackAfterADay: a server that was away for longer than anything is kept
// comes back as the same process, which is no successor of itself.
func TestBackAfterADay(t *testing.T) {
	now := testledger.Noon
	l, a, b := testledger.NewAt(t, ledger.DefaultLimits(), func() time.Time { return now }), unnamed("IDA"), unnamed("IDB")
	a.Close(3)
	l.Merge([]model.Reading{b.Read(), a.Read()})
	now = now.Add(25 * time.Hour)
	b.Now = now
	l.Merge([]model.Reading{b.Read(), {Endpoint: "IDA:8222", Err: errRefused}})
	a.Now = b.Now
	for range 2 {
		s := l.Merge([]model.Reading{b.Read(), a.Read()})
		if c := s.Servers[1].Coverage; len(c.Gaps) != 0 || testledger.Count(s) != 3 {
			t.Fatalf("%d stops, %+v", testledger.Count(s), c)
		}
	}
}

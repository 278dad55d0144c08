package ledger_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// listen collects what a ledger tells.
func listen(l *ledger.Ledger) *[]ledger.News {
	var heard []ledger.News
	l.Subscribe(func(n ledger.News) { heard = append(heard, n) })
	return &heard
}

func last(heard *[]ledger.News) ledger.News { return (*heard)[len(*heard)-1] }

func cids(ring ledger.RingNews) []uint64 {
	var all []uint64
	for _, s := range ring.Stops {
		all = append(all, s.CID)
	}
	return all
}

func TestNewsIsWhatTheLedgerDidNotKnow(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 100)
	heard := listen(l)
	n1.Close(2)
	l.Merge([]model.Reading{n1.Read()})
	testledger.Expect(t, "first read", cids(last(heard).Rings[0]), 1, 2)
	overtaken := n1.Read()
	n1.Close(1)
	late := n1.Read()
	n1.Close(1)
	l.Merge([]model.Reading{n1.Read()})
	testledger.Expect(t, "second read", cids(last(heard).Rings[0]), 3, 4)
	l.Merge([]model.Reading{late})
	l.Merge([]model.Reading{overtaken})
	if rings := last(heard).Rings; len(rings) != 1 || len(rings[0].Stops) != 0 || last(heard).Kept != 4 {
		t.Fatalf("nothing is new in what came too late, got %+v", last(heard))
	}
	l.Merge([]model.Reading{{Endpoint: "n1:8222", Server: n1.Read().Server, Ring: model.RingUnchanged}, {Err: errors.New("down")}})
	if rings := last(heard).Rings; len(rings) != 0 {
		t.Fatalf("rings that were not read bring no news, got %+v", rings)
	}
}

func TestOvertakenReadsBringNewsToo(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 100)
	heard := listen(l)
	l.Merge([]model.Reading{n1.Read()})
	n1.Close(2)
	slow := n1.Read()
	n1.Now = n1.Now.Add(time.Second)
	fast := n1.Read()
	fast.Closed = slices.Clone(fast.Closed[:1]) // the older record was written late
	l.Merge([]model.Reading{fast})
	l.Merge([]model.Reading{slow})
	testledger.Expect(t, "the slow read", cids(last(heard).Rings[0]), 1)
}

func TestNewsCallsAccountsByTheirNames(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 100)
	heard := listen(l)
	n1.Close(2)
	n1.Records[1].Account = "Alice" // as a newer server calls A
	l.Merge([]model.Reading{n1.Read()})
	for _, s := range last(heard).Rings[0].Stops {
		if name := last(heard).Account(s); name != "Alice" {
			t.Errorf("the account of %d is %q", s.CID, name)
		}
	}
}

func TestGapsAreToldOnceTheirCountIsFinal(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 10)
	heard := listen(l)
	n1.Close(10)
	l.Merge([]model.Reading{n1.Read()})
	n1.Close(15)
	l.Merge([]model.Reading{n1.Read()})
	if gaps := last(heard).Rings[0].Gaps; len(gaps) != 0 {
		t.Fatalf("a gap was told while its count may still change: %+v", gaps)
	}
	n1.Close(13)
	l.Merge([]model.Reading{n1.Read()})
	if gaps := last(heard).Rings[0].Gaps; len(gaps) != 1 || gaps[0].Lost != 5 {
		t.Fatalf("want the first gap of 5, got %+v", gaps)
	}
	n1.Wait(time.Second)
	l.Merge([]model.Reading{n1.Read()})
	if gaps := last(heard).Rings[0].Gaps; len(gaps) != 1 || gaps[0].Lost != 3 {
		t.Fatalf("want the second gap of 3, got %+v", gaps)
	}
	l.Merge([]model.Reading{n1.Read()})
	if gaps := last(heard).Rings[0].Gaps; len(gaps) != 0 {
		t.Fatalf("told again: %+v", gaps)
	}
}

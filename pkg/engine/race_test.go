package engine_test

import (
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/simulate"
	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// TestSnapshotsStandStillWhileOthersMerge: three merge what drops the oldest
// records and renews the symbols, four ask, all at once. The race detector looks on.
func TestSnapshotsStandStillWhileOthersMerge(t *testing.T) {
	l := testledger.New(t, ledger.Limits{Age: time.Hour, Always: 500, Count: 6000})
	var latest atomic.Pointer[ledger.Snapshot]
	merge := func(readings ...model.Reading) {
		s := l.Merge(readings)
		latest.Store(&s)
	}
	merge()
	end := time.Now().Add(simulate.For(t, 300*time.Millisecond))
	var cid atomic.Uint64
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for time.Now().Before(end) {
				reading := closing(&cid)
				if plan := l.Plan(reading.Server); plan.Known != nil {
					plan.Known(reading.Closed)
				}
				merge(reading)
			}
		})
	}
	for range 4 {
		wg.Go(func() {
			by := []fields.Key{fields.KeyApp, fields.KeyUser}
			selection := engine.Selection{Range: testledger.Always, Classifier: reason.NewClassifier(nil)}
			for time.Now().Before(end) {
				s := *latest.Load()
				if before := engine.Groups(s, selection, by); !reflect.DeepEqual(before, engine.Groups(s, selection, by)) {
					t.Error("a snapshot has changed")
				}
				engine.Find(s, selection, 100).First(100)
			}
		})
	}
	wg.Wait()
}

// closing is a server that closed 300 more.
func closing(cid *atomic.Uint64) model.Reading {
	last := cid.Add(300)
	now := testledger.Noon.Add(time.Duration(last) * time.Millisecond)
	stops := make([]model.Stop, 300)
	for i := range stops {
		id := last - uint64(i)
		stops[i] = testledger.At("ID-n1", id, "Client Closed", "A", now.Add(-time.Duration(i)*time.Millisecond))
		stops[i].Name, stops[i].User, stops[i].IP = fmt.Sprint("x-", id), fmt.Sprint(id%7), fmt.Sprint(id)
	}
	reading := testledger.Answered("n1", stops...)
	reading.Server.Now, reading.Server.Total = now, int64(last)
	reading.Open = []model.Connection{{Name: "a"}}
	return reading
}

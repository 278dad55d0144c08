package watch_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/finding/watch"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// BenchmarkLook finds in 1,000,000 kept stops and 100,000 open connections: all
// anew, and once more while nothing changed. Goals: 100 ms and 5 ms.
func BenchmarkLook(b *testing.B) {
	many := testledger.NewMany(b, 1_000_000, testledger.SharedName)
	open := make([]model.Connection, 100_000)
	for i := range open {
		open[i] = model.Connection{
			ServerID: "n1", Server: "n1", CID: uint64(i), Account: fmt.Sprintf("account-%d", i%20), User: "u", Name: fmt.Sprintf("app-%d-pod-%d", i%300, i),
			App: fmt.Sprintf("app-%d", i%300), Profile: model.Profile{Kind: "Client", Lang: "go", Version: "1.55.0"}, IP: fmt.Sprintf("10.0.%d.%d", i%4, i%250), Start: testledger.Noon,
		}
	}
	beside := facts.Beside{Open: ledger.Snapshot{Open: open}}
	by := watch.By{Classifier: reason.NewClassifier(nil), ID: "settings"}
	now := many.When(many.Count).Add(time.Second)
	b.Run("anew", func(b *testing.B) {
		for b.Loop() {
			var w watch.Watch
			w.Look(many.Snapshot, beside, by, now)
		}
	})
	b.Run("nothing-new", func(b *testing.B) {
		var w watch.Watch
		w.Look(many.Snapshot, beside, by, now)
		for b.Loop() {
			w.Look(many.Snapshot, beside, by, now)
		}
	})
}

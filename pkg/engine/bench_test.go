package engine_test

import (
	"fmt"
	"testing"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// kept are how many records a benchmark is about.
var kept = []int{1_000, 10_000, 100_000, 1_000_000}

// BenchmarkGroups counts by reason and another key, with a filter on type: by
// account whole blocks are summed already, by user each record counts.
func BenchmarkGroups(b *testing.B) {
	for _, count := range kept {
		many := testledger.NewMany(b, count, testledger.SharedName)
		for _, key := range []fields.Key{fields.KeyAccount, fields.KeyUser} {
			selection := engine.Selection{
				Range:      model.TimeRange{From: testledger.Noon, To: many.When(many.Count)},
				Where:      []fields.Condition{testledger.OneOf(fields.KeyType, "nats")},
				Classifier: reason.NewClassifier(nil),
			}
			b.Run(fmt.Sprintf("by=%s/kept=%d", key, count), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					engine.Groups(many.Snapshot, selection, []fields.Key{fields.KeyReason, key})
				}
			})
		}
	}
}

// BenchmarkFind gets the newest hundred of a short time range in the middle.
func BenchmarkFind(b *testing.B) {
	for _, count := range kept {
		many := testledger.NewMany(b, count, testledger.SharedName)
		selection := engine.Selection{
			Range:      model.TimeRange{From: many.When(count / 2), To: many.When(count/2 + 200)},
			Classifier: reason.NewClassifier(nil),
		}
		b.Run(fmt.Sprintf("kept=%d", count), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				engine.Find(many.Snapshot, selection, 100).First(100)
			}
		})
	}
}

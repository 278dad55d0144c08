package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// BenchmarkPlan is what a look at 64 records costs beside the server.
func BenchmarkPlan(b *testing.B) {
	for _, count := range kept {
		b.Run(fmt.Sprintf("kept=%d", count), func(b *testing.B) {
			many := testledger.NewMany(b, count, testledger.SharedName)
			server := model.Server{ID: "n1", Now: many.When(count).Add(time.Minute)}
			rows := make([]model.Stop, 64)
			for i := range rows {
				rows[i].CID, rows[i].At = uint64(i), server.Now
			}
			b.ReportAllocs()
			for b.Loop() {
				plan := many.Ledger.Plan(server)
				plan.Known(rows)
			}
		})
	}
}

package rules

import (
	"fmt"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// BenchmarkChurn looks for churn in 1,000,000 stops of 20 minutes after a restart, of
// 200 apps that all stop often enough to be counted client by client, and too rarely for
// that to be churn: so each window of each of them is counted.
func BenchmarkChurn(b *testing.B) {
	const apps, clients, batch = 200, 500, 10_000
	namer, err := app.NewNamer(nil)
	if err != nil {
		b.Fatal(err)
	}
	kept := ledger.New(ledger.Limits{Age: 1000 * time.Hour, Count: 2_000_000}, namer)
	process := func(id string, began, now time.Time, closed []model.Stop, total int) ledger.Snapshot {
		return kept.Merge([]model.Reading{{
			Endpoint: "n1:8222", Ring: model.RingRead, Closed: closed,
			Server: model.Server{ID: id, Name: "n1", Start: began, Now: now, Total: int64(total)},
		}})
	}
	process("n1", noon.Add(-time.Hour), noon.Add(-time.Minute), nil, 0)
	var s ledger.Snapshot
	for total := 0; total < 1_000_000; total += batch {
		closed := make([]model.Stop, batch)
		for i := range closed {
			n := total + i
			at, pod := noon.Add(time.Duration(n)*1200*time.Microsecond), n/apps%clients
			closed[batch-1-i] = model.Stop{Reason: "Client Closed", At: at, Connection: model.Connection{
				ServerID: "n1'", CID: uint64(n) + 1, Profile: model.Profile{Kind: "Client", Type: "nats", Lang: "go", Version: "1.55.0"},
				Name: fmt.Sprintf("app%d-pod-%x", n%apps, pod), IP: far(pod), Account: "orders", AccountID: "orders", User: "u", Start: at.Add(-time.Second),
			}}
		}
		s = process("n1'", noon.Add(-time.Second), closed[0].At, closed, total+batch)
	}
	f := facts.New(s, facts.Beside{}, reason.NewClassifier(nil), time.Hour)
	for b.Loop() {
		if found := churns(f, finding.Thresholds{}); len(found) > 0 {
			b.Fatal("is churn: ", found[0].Sentence)
		}
	}
}

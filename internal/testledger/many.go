package testledger

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// batch is how many stops one simulated read brings.
const batch = 10_000

// Many is a ledger that was told of many stops of one server.
type Many struct {
	Snapshot ledger.Snapshot
	// Count is how many stops there were.
	Count  int
	Ledger *ledger.Ledger
	name   func(int) string
}

// NewMany is a ledger with count stops of clients with these names.
func NewMany(tb testing.TB, count int, name func(int) string) *Many {
	tb.Helper()
	apps, err := app.NewNamer(nil)
	if err != nil {
		tb.Fatal(err)
	}
	m := &Many{Ledger: ledger.New(ledger.Limits{Age: 1000 * time.Hour, Count: 3 * count}, apps), name: name}
	for m.Count < count {
		m.Add(min(batch, count-m.Count))
	}
	return m
}

// Add is a read with so many new stops.
func (m *Many) Add(more int) {
	fresh := make([]model.Stop, more)
	for i := range fresh {
		fresh[i] = m.stop(m.Count + i)
	}
	m.Count += more
	slices.Reverse(fresh)
	m.Snapshot = m.Ledger.Merge([]model.Reading{{
		Endpoint: "n1:8222", Ring: model.RingRead, Closed: fresh,
		Server: model.Server{ID: "n1", Name: "n1", Start: Noon, Now: m.When(m.Count), Total: int64(m.Count)},
	}})
}

// When is the time of the i-th stop.
func (m *Many) When(i int) time.Time { return Noon.Add(time.Duration(i) * 10 * time.Millisecond) }

// TextBytes is how long all names are together, each once.
func (m *Many) TextBytes() int {
	total := 0
	distinct := map[string]bool{}
	for i := range m.Count {
		if text := m.name(i); !distinct[text] {
			distinct[text] = true
			total += len(text)
		}
	}
	return total
}

// SharedName is a name that many clients have, UniqueName one that nobody else has.
func SharedName(i int) string { return UniqueName(i % 2000) }

// UniqueName is a pod's name.
func UniqueName(i int) string { return fmt.Sprintf("billing-service-%010d-x2x4z", i) }

var (
	someReasons = []string{"Client Closed", "Stale Connection", "Authentication Failure", "Read Error", "Slow Consumer (Pending Bytes)"}
	someTypes   = []string{"nats", "nats", "websocket"}
)

func (m *Many) stop(i int) model.Stop {
	at, account := m.When(i), fmt.Sprintf("account-%d", i%20)
	return model.Stop{
		Reason: someReasons[i*7%len(someReasons)], At: at,
		Connection: model.Connection{
			ServerID: "n1", CID: uint64(i) + 1, Profile: model.Profile{Kind: "Client", Type: someTypes[i%len(someTypes)], Lang: "go", Version: "1.55.0"}, Account: account, AccountID: account, User: "user of " + account,
			Name: m.name(i), IP: fmt.Sprintf("10.0.%d.%d", i%4, i%250), Port: 30_000 + i%30_000,
			Start: at.Add(-time.Duration(i%86_400) * time.Second), LastActivity: at.Add(-3 * time.Second), RTT: 350 * time.Microsecond,
			InMsgs: int64(i % 5000), OutMsgs: int64(i % 700), InBytes: int64(i % 5000 * 128), OutBytes: int64(i % 700 * 1024),
			PendingBytes: int64(i%5) * 1000, Subscriptions: int64(i % 9),
		},
	}
}

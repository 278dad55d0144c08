// Package testledger simulates servers, and the ledgers that read them, for tests.
package testledger

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Noon is when simulated servers begin.
var Noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Ring is a simulated server: it closes connections and remembers the last few.
type Ring struct {
	ID, Name string
	// Pace is how far apart it closes connections: a second, unless changed.
	Pace    time.Duration
	size    int
	Start   time.Time
	Now     time.Time
	next    uint64
	Records []model.Stop // oldest first
	leaves  int64
}

// NewRing is a server that keeps the last size stops.
func NewRing(id, name string, size int) *Ring {
	return &Ring{ID: id, Name: name, Pace: time.Second, size: size, Start: Noon, Now: Noon, next: 1}
}

// Wait lets time pass.
func (r *Ring) Wait(d time.Duration) { r.Now = r.Now.Add(d) }

// Close closes n connections at its pace.
func (r *Ring) Close(n int) { r.CloseAs(n, "Client", "Client Closed") }

// CloseAs closes n connections of a kind for a reason at its pace.
func (r *Ring) CloseAs(n int, kind, reason string) {
	for range n {
		r.Now = r.Now.Add(r.Pace)
		r.Records = append(r.Records, model.Stop{
			Connection: model.Connection{ServerID: r.ID, CID: r.next, Profile: model.Profile{Kind: kind}, Account: "A", AccountID: "A"},
			Reason:     reason, At: r.Now,
		})
		r.next++
		if kind == model.KindLeafnode {
			r.leaves++
		}
	}
	if over := len(r.Records) - r.size; over > 0 {
		r.Records = r.Records[over:]
	}
}

// Total is how many clients it has closed so far.
func (r *Ring) Total() int64 { return int64(r.next) - 1 - r.leaves }

func (r *Ring) Read() model.Reading {
	closed := slices.Clone(r.Records)
	slices.Reverse(closed)
	return model.Reading{
		Endpoint: r.Name + ":8222",
		Server: model.Server{ID: r.ID, Name: r.Name, Start: r.Start, Now: r.Now, Total: r.Total(),
			Counters: model.Counters{Total: int64(r.next)}},
		HeardAt:  r.Now,
		Ring:     model.RingRead,
		Closed:   closed,
		RingSize: int64(len(closed)),
	}
}

// New names apps as by default.
func New(t *testing.T, limits ledger.Limits) *ledger.Ledger {
	t.Helper()
	return NewAt(t, limits, time.Now)
}

// NewAt goes by a clock of the test's.
func NewAt(t *testing.T, limits ledger.Limits, now func() time.Time) *ledger.Ledger {
	t.Helper()
	apps, err := app.NewNamer(app.DefaultPatterns())
	if err != nil {
		t.Fatal(err)
	}
	return ledger.NewAt(limits, apps, now)
}

// Always is a range that holds all that simulated servers do.
var Always = model.TimeRange{From: Noon.Add(-time.Hour), To: Noon.Add(240 * time.Hour)}

// Ever is a range that holds everything.
var Ever = model.TimeRange{To: Noon.AddDate(100, 0, 0)}

// Count is how many stops a snapshot keeps.
func Count(s ledger.Snapshot) int {
	total := 0
	for _, kept := range s.Kept {
		total += kept.Table.Len()
	}
	return total
}

// Full is a stop with something in every field.
func Full(cid uint64, when time.Time) model.Stop {
	text := func(name string) string { return fmt.Sprintf("%s-%d", name, cid%7) }
	return model.Stop{
		Connection: model.Connection{
			ServerID: "ID1", Server: "n1", Cluster: "c1", CID: cid, App: text("app"), Name: text("app") + "-pod-1",
			Account: text("account"), AccountID: text("account"), User: text("user"), Profile: model.Profile{Kind: "Client", Type: "mqtt", Lang: "go", Version: "1.2.3", TLSVersion: "1.3", TLSCipher: "x"}, IP: text("ip"), Port: 65535, MQTTClient: text("mqtt"),
			Start: when.Add(-30 * 24 * time.Hour), LastActivity: when.Add(time.Nanosecond), RTT: 3 * time.Second,
			PendingBytes: 1 << 40, InMsgs: 1 << 62, OutMsgs: 2, InBytes: 3, OutBytes: -4, Subscriptions: 5,
		},
		Reason: "Client Closed", At: when, ServerAt: when,
	}
}

// Merged is what a ledger knows once a server has told these stops.
func Merged(t *testing.T, l *ledger.Ledger, stops ...model.Stop) ledger.Snapshot {
	t.Helper()
	now := Noon
	for i := range stops {
		if stops[i].At.After(now) {
			now = stops[i].At
		}
	}
	return l.Merge([]model.Reading{{
		Endpoint: "n1:8222", Ring: model.RingRead, Closed: stops,
		Server: model.Server{ID: "ID1", Name: "n1", Cluster: "c1", Start: Noon, Now: now, Total: int64(len(stops))},
	}})
}

// Everything is what a snapshot keeps, newest first.
func Everything(s ledger.Snapshot) []*model.Stop {
	var all []*model.Stop
	for _, kept := range s.Kept {
		for i := range kept.Table.Len() {
			var stop model.Stop
			s.Symbols.Stop(kept.Table.Get(i), kept.ServerID, &stop)
			all = append(all, &stop)
		}
	}
	slices.SortStableFunc(all, func(a, b *model.Stop) int { return b.At.Compare(a.At) })
	return all
}

// At is a client's stop on a server.
func At(server string, cid uint64, reason, account string, when time.Time) model.Stop {
	return model.Stop{
		Connection: model.Connection{ServerID: server, CID: cid, Profile: model.Profile{Kind: "Client"}, Account: account, AccountID: account, PendingBytes: 100},
		Reason:     reason, At: when,
	}
}

// Snapshot is what a fresh ledger makes of the readings.
func Snapshot(t *testing.T, readings ...model.Reading) ledger.Snapshot {
	t.Helper()
	return New(t, ledger.DefaultLimits()).Merge(readings)
}

// Answered is the reading of a server that told these stops.
func Answered(name string, stops ...model.Stop) model.Reading {
	slices.SortFunc(stops, func(a, b model.Stop) int { return b.At.Compare(a.At) })
	return model.Reading{
		Endpoint: name + ":8222", Closed: stops, Ring: model.RingRead,
		Server: model.Server{ID: "ID-" + name, Name: name, Start: Noon.Add(-time.Hour), Now: Noon, Total: int64(len(stops))},
	}
}

// OneOf keeps, and names, the values of a key.
func OneOf(key fields.Key, values ...string) fields.Condition {
	return fields.Condition{Key: key, Match: fields.MatchOneOf(values), Named: values}
}

// Expect fails the test unless the cids are those that are wanted.
func Expect(t *testing.T, what string, got []uint64, want ...uint64) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Fatalf("%s: counted %v, want %v", what, got, want)
	}
}

package comeback

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/restart"
)

const (
	// pods are how many clients there are, each of which stops and comes back.
	pods = 2000
	// podsOf is how many clients an app has.
	podsOf = 20
)

func pod(i int) model.Connection {
	return model.Connection{
		Profile: model.Profile{Kind: "Client", Type: "nats", Lang: "go"}, Account: fmt.Sprint("account-", i%5), AccountID: fmt.Sprint("account-", i%5),
		User: "u", Name: fmt.Sprintf("app-%d-pod-%d", i%(pods/podsOf), i), IP: fmt.Sprint("10.0.0.", i%250),
	}
}

// comings is what is known of a server that told so many stops, all pods in turn,
// and then of the one in its place, where all of them are; and who was connected to
// the first at its end.
func comings(b *testing.B, stops int) (ledger.Snapshot, map[string]Present) {
	b.Helper()
	apps, err := app.NewNamer(app.DefaultPatterns())
	if err != nil {
		b.Fatal(err)
	}
	now := testledger.Noon
	known := ledger.NewAt(ledger.Limits{Age: 1000 * time.Hour, Count: 3 * stops}, apps, func() time.Time { return now })
	begin, every := now.Add(-time.Hour), time.Hour/time.Duration(stops)
	closed := make([]model.Stop, stops)
	for i := range closed {
		at := begin.Add(time.Duration(i+1) * every)
		one := model.Stop{Connection: pod(i % pods), Reason: []string{slow, "Client Closed"}[i%2], At: at}
		one.ServerID, one.CID, one.LastActivity, one.Start = "ID1", uint64(i)+1, at, at.Add(-pods*every+every/2)
		closed[stops-1-i] = one
	}
	server := model.Server{ID: "ID1", Name: "n1", Cluster: "c1", Start: begin.Add(-time.Hour), Now: now, Total: int64(stops)}
	known.Merge([]model.Reading{{Endpoint: "n1:8222", HeardAt: now, Ring: model.RingRead, Closed: closed, RingSize: int64(stops), Server: server}})
	var open []model.Connection
	for i := range pods {
		one := pod(i)
		one.ServerID, one.CID, one.Start = "ID2", uint64(stops+i)+1, now.Add(time.Second)
		open = append(open, one)
	}
	now = now.Add(time.Minute)
	server.ID, server.Start, server.Now, server.Total, server.Open = "ID2", testledger.Noon.Add(time.Second), now, pods, pods
	s := known.Merge([]model.Reading{{Endpoint: "n1:8222", HeardAt: now, Ring: model.RingRead, Server: server, Open: open, OpenAt: now}})
	before := slices.Clone(s.Open)
	for i := range before {
		before[i].Start = closed[pods-1-i].At.Add(every / 2)
	}
	return s, map[string]Present{"ID1": presentOf(read{open: before, made: testledger.Noon})}
}

var counts = []int{30_000, 300_000}

// BenchmarkGroups says of each app what became of its clients: a table of stops by
// app over all that is kept.
func BenchmarkGroups(b *testing.B) {
	for _, stops := range counts {
		b.Run(fmt.Sprintf("stops=%d", stops), func(b *testing.B) {
			s, _ := comings(b, stops)
			selection := engine.Selection{
				Range: model.TimeRange{From: testledger.Noon.Add(-time.Hour), To: testledger.Noon}, Classifier: reason.NewClassifier(nil),
			}
			b.ReportAllocs()
			for b.Loop() {
				groups, _ := Groups(s, s, nil, selection, []fields.Key{fields.KeyApp}, engine.Limit{Most: 1000, Size: everything.Size})
				if !slices.ContainsFunc(groups, func(g engine.Group) bool { return g.Presence.Instances == podsOf }) {
					b.Fatal("no app has all of its clients")
				}
			}
		})
	}
}

// BenchmarkAbsent looks who left with a server without a word and is not back: one of all.
func BenchmarkAbsent(b *testing.B) {
	for _, stops := range counts {
		b.Run(fmt.Sprintf("stops=%d", stops), func(b *testing.B) {
			s, ended := comings(b, stops)
			s.Open = s.Open[1:]
			events := restart.Find(s, time.Hour)
			b.ReportAllocs()
			for b.Loop() {
				if found := Absent(s, s, ended, events, 0); len(found) != 1 {
					b.Fatalf("%d are not back, want one", len(found))
				}
			}
		})
	}
}

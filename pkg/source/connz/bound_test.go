package connz_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

// bound is how late a stop may be seen at the most, by readers who come then.
const bound = 10 * time.Second

// ending is a connection that stops: its record is in the ring from shown on,
// and the counters tell it from counted on, or never if that is zero.
type ending struct {
	record         model.Stop
	shown, counted time.Time
}

// course is what happens at one server.
type course struct {
	endings []ending
	now     time.Time
}

// kinds are the ways in which records and counters go together
// (nats-server.md#what-counters-miss): which is late, and by how much at the most.
var kinds = []struct {
	kind            string
	shown, counted  time.Duration
	neverInCounters bool
}{
	{kind: "Client"},
	{kind: "Client", shown: time.Second},              // the record is written late
	{kind: "Client", counted: 12 * time.Second},       // a slow consumer that is torn down
	{kind: model.KindLeafnode, neverInCounters: true}, // over NATS, or where one came and went
}

// paces are what is between two endings: storms, bursts, and times of peace.
var paces = []time.Duration{time.Millisecond, 50 * time.Millisecond, time.Second, 8 * time.Second}

func newCourse(random *rand.Rand, start time.Time) *course {
	c := &course{now: start}
	at := start
	pace := paces[0]
	for cid := range uint64(300) {
		if random.IntN(50) == 0 {
			pace = paces[random.IntN(len(paces))]
		}
		at = at.Add(time.Duration(random.ExpFloat64() * float64(pace)))
		k := kinds[random.IntN(len(kinds))]
		e := ending{record: model.Stop{Connection: model.Connection{ServerID: "N1", CID: cid + 1, Profile: model.Profile{Kind: k.kind}}, At: at}}
		e.shown, e.counted = at.Add(upTo(random, k.shown)), at.Add(upTo(random, k.counted))
		if k.neverInCounters {
			e.counted = time.Time{}
		}
		c.endings = append(c.endings, e)
	}
	return c
}

func upTo(random *rand.Rand, most time.Duration) time.Duration {
	return time.Duration(random.Int64N(int64(most) + 1))
}

// server is what the counters say now.
func (c *course) server() model.Server {
	var clients, closed int64
	for _, e := range c.endings {
		if !e.counted.IsZero() {
			clients++
			if !e.counted.After(c.now) {
				closed++
			}
		}
	}
	return model.Server{
		ID: "N1", Name: "n1", Now: c.now, Total: clients, Open: clients - closed,
		Counters: model.Counters{Total: clients, Open: clients - closed},
	}
}

func (c *course) page(_ source.Step, offset, limit int) (decode.Page, error) {
	var shown []model.Stop
	for _, e := range c.endings {
		if !e.shown.After(c.now) {
			shown = append(shown, e.record)
		}
	}
	slices.SortFunc(shown, func(a, b model.Stop) int { return b.At.Compare(a.At) })
	shown = shown[min(offset, len(shown)):]
	return decode.Page{Rows: shown[:min(limit, len(shown))]}, nil
}

// TestNoStopIsSeenLate reads in a rhythm that has nothing to do with what
// happens, and looks after each read for records that should have been seen.
func TestNoStopIsSeenLate(t *testing.T) {
	var slowest time.Duration
	for seed := range uint64(4) {
		random := rand.New(rand.NewPCG(seed, 1))
		start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		c := newCourse(random, start)
		apps, err := app.NewNamer(nil)
		if err != nil {
			t.Fatal(err)
		}
		ledger := ledger.New(ledger.DefaultLimits(), apps)
		pager := &connz.Pager{Ask: c.page, Size: 1024, MaxLook: 1024}
		known, seen := map[uint64]bool{}, map[uint64]bool{}
		// Dashboards refresh every few seconds; many of them, all the time.
		rhythm := []time.Duration{100 * time.Millisecond, 3 * time.Second}[seed%2]
		for end := c.endings[len(c.endings)-1].shown.Add(2 * bound); c.now.Before(end); c.now = c.now.Add(time.Millisecond + upTo(random, rhythm)) {
			server := c.server()
			ring, closed, err := pager.Ring(server, ledger.Plan)
			if err != nil {
				t.Fatal(err)
			}
			snapshot := ledger.Merge([]model.Reading{{Endpoint: "n1", Server: server, Ring: ring, Closed: closed}})
			everything := engine.Selection{Range: model.TimeRange{From: start, To: end}, Classifier: reason.NewClassifier(nil)}
			if count := testledger.Count(snapshot); count != len(known) {
				for _, stop := range engine.Find(snapshot, everything, count).First(count) {
					known[stop.CID] = true
				}
			}
			for _, e := range c.endings {
				cid, late := e.record.CID, c.now.Sub(e.shown)
				switch {
				case known[cid] && !seen[cid]:
					seen[cid] = true
					slowest = max(slowest, late)
				case !known[cid] && late >= bound:
					t.Fatalf("seed %d: a %s that stopped at %s is unknown at %s", seed, e.record.Kind, e.record.At, c.now)
				}
			}
		}
	}
	if slowest < bound/2 {
		t.Errorf("every stop was seen within %s: the rings are read too often", slowest)
	}
}

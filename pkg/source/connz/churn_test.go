package connz_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

var churnFor = flag.Duration("churn", time.Second, "how long reads under churn are simulated")

// TestReadsUnderChurn: whatever happens between the pages of a read, every stop
// is kept, known to be lost, or known to have been evicted before.
func TestReadsUnderChurn(t *testing.T) {
	rounds := uint64(0)
	for began := time.Now(); time.Since(began) < *churnFor; rounds++ {
		if wrong := churn(t, rounds); wrong != "" {
			t.Fatalf("seed %d: %s", rounds, wrong)
		}
	}
	t.Logf("%d rounds", rounds)
}

// busy is a server that closes connections all the time.
type busy struct {
	random *rand.Rand
	now    time.Time
	size   int
	next   uint64
	ring   []model.Stop // oldest first
}

func (b *busy) close(n int) {
	for range n {
		b.now = b.now.Add(time.Duration(1+b.random.IntN(200)) * time.Millisecond)
		b.next++
		b.ring = append(b.ring, model.Stop{Connection: model.Connection{ServerID: "N1", CID: b.next, Kind: "Client", Account: "A", AccountID: "A"}, At: b.now})
	}
	if over := len(b.ring) - b.size; over > 0 {
		b.ring = slices.Clone(b.ring[over:])
	}
}

func (b *busy) server() model.Server {
	total := int64(b.next) + 3
	return model.Server{ID: "N1", Name: "n1", Start: noon, Now: b.now, Total: total, Open: 3, Counters: model.Counters{Total: total, Open: 3}}
}

// read reads the server, which goes on meanwhile.
func (b *busy) read(l *ledger.Ledger, meanwhile bool) model.Reading {
	server := b.server()
	pager := &connz.Pager{Size: 100, MaxLook: 4096, Ask: func(_ source.Step, offset, limit int) (decode.Page, error) {
		if meanwhile && b.random.IntN(3) == 0 {
			b.close(b.random.IntN(10))
		}
		return decode.Page{Rows: cut(ascending(b.ring), offset, limit)}, nil
	}}
	state, rows, _ := pager.Ring(server, l.Plan)
	return model.Reading{Endpoint: "n1", Server: server, Ring: state, Closed: rows}
}

func churn(t *testing.T, seed uint64) string {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	b := &busy{random: random, now: noon, size: []int{5, 50, 70, 200, 700}[random.IntN(5)]}
	l := testledger.New(t, ledger.DefaultLimits())
	var toldLost, toldStops int64
	l.Subscribe(func(n ledger.News) {
		for _, ring := range n.Rings {
			toldStops += int64(len(ring.Stops))
			for _, gap := range ring.Gaps {
				toldLost += gap.Lost
			}
		}
	})
	var underway []model.Reading
	for range 12 {
		b.close([]int{0, 0, 3, 20, 100, 600}[random.IntN(6)])
		b.now = b.now.Add(time.Duration(random.IntN(15000)) * time.Millisecond)
		underway = append(underway, b.read(l, true))
		for len(underway) > 0 && random.IntN(3) > 0 {
			l.Merge(underway[:1])
			underway = underway[1:]
		}
	}
	for _, one := range underway {
		l.Merge([]model.Reading{one})
	}
	var s ledger.Snapshot
	for range 3 {
		b.now = b.now.Add(11 * time.Second)
		s = l.Merge([]model.Reading{b.read(l, false)})
	}
	kept, c := int64(testledger.Count(s)), s.Servers[0].Coverage
	lost := c.LostIn(model.TimeRange{From: noon.Add(-time.Hour), To: b.now.Add(time.Hour)})
	switch stopped := int64(b.next); {
	case kept+lost+c.EvictedBefore != stopped:
		return fmt.Sprintf("ring of %d: kept %d, lost %d, evicted %d, but %d stopped", b.size, kept, lost, c.EvictedBefore, stopped)
	case toldStops != kept:
		return fmt.Sprintf("told %d stops, kept %d", toldStops, kept)
	case toldLost != lost:
		return fmt.Sprintf("told %d lost, coverage says %d", toldLost, lost)
	}
	return ""
}

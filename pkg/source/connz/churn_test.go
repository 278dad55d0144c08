package connz_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/simulate"
	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

// TestReadsUnderChurn: whatever happens between the pages of a read, every stop
// is kept, known to be lost, or known to have been evicted before. Records may be
// written late, and a read may be merged after others that were made after it.
func TestReadsUnderChurn(t *testing.T) {
	for name, b := range map[string]busy{
		"in order":        {},
		"late records":    {late: true},
		"overtaken reads": {shuffled: true},
		"both":            {late: true, shuffled: true},
	} {
		t.Run(name, func(t *testing.T) {
			simulate.Rounds(t, 500*time.Millisecond, func(seed uint64) {
				if wrong := b.churn(t, seed); wrong != "" {
					t.Error(wrong)
				}
			})
		})
	}
}

// busy is a server that closes connections all the time.
type busy struct {
	late, shuffled bool

	random  *rand.Rand
	now     time.Time
	size    int
	next    uint64
	ring    []model.Stop // in the order in which they were written
	unready []model.Stop // not written yet
}

// writtenAfter is how late a record is written.
const writtenAfter = time.Second

func (b *busy) close(n int) {
	for range n {
		b.now = b.now.Add(time.Duration(1+b.random.IntN(200)) * time.Millisecond)
		b.next++
		b.unready = append(b.unready, model.Stop{Connection: model.Connection{ServerID: "N1", CID: b.next, Profile: model.Profile{Kind: "Client"}, Account: "A", AccountID: "A"}, At: b.now})
		b.write()
	}
}

func (b *busy) wait(d time.Duration) {
	b.now = b.now.Add(d)
	b.write()
}

// write puts into the ring what is ready; of those that may be late, one of twenty is.
func (b *busy) write() {
	b.unready = slices.DeleteFunc(b.unready, func(s model.Stop) bool {
		ready := !b.late || s.CID%20 != 0 || b.now.Sub(s.At) > writtenAfter
		if ready {
			b.ring = append(b.ring, s)
		}
		return ready
	})
	if over := len(b.ring) - b.size; over > 0 {
		b.ring = slices.Clone(b.ring[over:])
	}
}

// newestFirst is the ring as a server lists it.
func (b *busy) newestFirst() []model.Stop {
	rows := slices.Clone(b.ring)
	slices.SortStableFunc(rows, func(x, y model.Stop) int { return y.At.Compare(x.At) })
	return rows
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
		return decode.Page{Rows: cut(b.newestFirst(), offset, limit)}, nil
	}}
	state, rows, _ := pager.Ring(server, l.Plan)
	return model.Reading{Endpoint: "n1", Server: server, HeardAt: server.Now, Ring: state, Closed: rows}
}

// churn says what is wrong in the end, or nothing.
func (b busy) churn(t *testing.T, seed uint64) string {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	b.random, b.now, b.size = random, noon, []int{5, 50, 70, 200, 700}[random.IntN(5)]
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
		b.wait(time.Duration(random.IntN(15000)) * time.Millisecond)
		underway = append(underway, b.read(l, true))
		for len(underway) > 0 && random.IntN(3) > 0 {
			next := 0
			if b.shuffled {
				next = random.IntN(len(underway))
			}
			l.Merge([]model.Reading{underway[next]})
			underway = slices.Delete(underway, next, next+1)
		}
	}
	for _, one := range underway {
		l.Merge([]model.Reading{one})
	}
	var s ledger.Snapshot
	for range 3 {
		b.wait(11 * time.Second)
		s = l.Merge([]model.Reading{b.read(l, false)})
	}
	kept, c := int64(testledger.Count(s)), s.Servers[0].Coverage
	lost := c.LostIn(model.TimeRange{From: noon.Add(-time.Hour), To: b.now.Add(time.Hour)})
	switch stopped := int64(b.next); {
	case kept+lost+c.EvictedBefore != stopped:
		return fmt.Sprintf("ring of %d: kept %d, lost %d, evicted %d, but %d stopped", b.size, kept, lost, c.EvictedBefore, stopped)
	case toldStops != kept:
		return fmt.Sprintf("told %d stops, kept %d", toldStops, kept)
	case toldLost < lost, toldLost > lost && !b.shuffled:
		// A read that two others overtook may still bring what they agreed was lost.
		return fmt.Sprintf("told %d lost, coverage says %d", toldLost, lost)
	}
	return ""
}

package ledger_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/simulate"
	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// TestRandomReadsThatOverlap: whatever a busy server's reads see of its counters
// and its ring at which instant, and in whatever order they are merged, each
// loss is told once, no more and no less, as soon as it is quiet.
func TestRandomReadsThatOverlap(t *testing.T) {
	simulate.Rounds(t, 2*time.Second, func(seed uint64) { simulateOverlap(t, seed) })
}

// overlap is a busy server and the reads of it that are under way.
type overlap struct {
	*rand.Rand
	ring     *testledger.Ring
	counters model.Reading
	underWay []model.Reading
	closed   int
	// unwritten are records of stops that are counted, but not in the ring yet.
	unwritten []model.Stop
}

func simulateOverlap(t *testing.T, seed uint64) {
	t.Helper()
	o := overlap{Rand: rand.New(rand.NewPCG(seed, 3)), ring: testledger.NewRing("ID1", "n1", 40)}
	o.ring.Pace = time.Duration(1+o.IntN(20)) * time.Millisecond
	l := testledger.New(t, ledger.DefaultLimits())
	// A ring that was never full before first contact has evicted nothing.
	l.Merge([]model.Reading{o.ring.Read()})
	o.counters = o.ring.Read()
	for range 60 {
		switch o.IntN(5) {
		case 0:
			o.close(o.IntN(25))
		case 1:
			o.close(o.IntN(90))
		case 2:
			o.counters = o.ring.Read()
			o.write()
		default:
			o.readRing()
		}
		if n := len(o.underWay); n > 2 || n > 0 && o.IntN(2) == 0 {
			which := o.IntN(n)
			l.Merge([]model.Reading{o.underWay[which]})
			o.underWay = slices.Delete(o.underWay, which, which+1)
		}
	}
	o.write()
	for _, late := range o.underWay {
		l.Merge([]model.Reading{late})
	}
	var s ledger.Snapshot
	for range 4 {
		o.ring.Wait(time.Second)
		s = l.Merge([]model.Reading{o.ring.Read()})
	}
	lost, kept := s.Servers[0].Coverage.LostIn(testledger.Always), testledger.Count(s)
	if int(lost)+kept != o.closed {
		t.Errorf("seed %d: %d stopped, %d are kept, and %d are told to be lost", seed, o.closed, kept, lost)
	}
}

func (o *overlap) close(n int) {
	o.closed += n
	if n > 0 && o.IntN(3) == 0 {
		before := slices.Clone(o.ring.Records)
		o.ring.Close(1)
		o.unwritten = append(o.unwritten, o.ring.Records[len(o.ring.Records)-1])
		o.ring.Records = before
		n--
	}
	o.ring.Close(n)
}

// write puts into the ring what was late.
func (o *overlap) write() {
	o.ring.Records = append(o.ring.Records, o.unwritten...)
	o.ring.Records = o.ring.Records[max(0, len(o.ring.Records)-40):]
	o.unwritten = nil
}

// readRing reads the ring now, with the counters that were told last.
func (o *overlap) readRing() {
	reading := o.ring.Read()
	slices.SortStableFunc(reading.Closed, func(a, b model.Stop) int { return b.At.Compare(a.At) })
	reading.Server, reading.HeardAt = o.counters.Server, o.counters.HeardAt
	o.underWay = append(o.underWay, reading)
}

package ledger

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/simulate"
	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// TestWhatIsRecalledIsWhatWasKnown: a ledger that was told the past and one that
// lived through it say the same, then and from then on, whatever restarts,
// overflows, fails and is read in whatever order.
func TestWhatIsRecalledIsWhatWasKnown(t *testing.T) {
	simulate.Rounds(t, 2*time.Second, func(seed uint64) { simulateRecall(t, seed) })
}

// chronicler keeps what a ledger learns as chapters.
type chronicler struct {
	ledger   *Ledger
	rings    []RingNews
	chapters []Chapter
}

func (c *chronicler) merge(readings []model.Reading) Snapshot {
	s := c.ledger.Merge(readings)
	for _, ring := range c.rings {
		standing, _ := c.ledger.Standing(ring.Server.ID)
		if standing == nil {
			continue
		}
		chapter := Chapter{Standing: *standing}
		for _, stop := range ring.Stops {
			chapter.Stops = append(chapter.Stops, *stop)
		}
		c.chapters = append(c.chapters, chapter)
	}
	c.rings = nil
	return s
}

// flush tells how all books stand, as who ends in order does.
func (c *chronicler) flush() {
	for _, h := range inOrder(c.ledger.processes) {
		if standing, _ := c.ledger.Standing(h.server.ID); standing != nil {
			c.chapters = append(c.chapters, Chapter{Standing: *standing})
		}
	}
}

func (c *chronicler) recalled(l *Ledger, random *rand.Rand) {
	r := l.Recall()
	for left := c.chapters; len(left) > 0; {
		n := min(1+random.IntN(5), len(left))
		part := slices.Clone(left[:n])
		for i := range part {
			part[i].Stops = slices.Clone(part[i].Stops)
			slices.Reverse(part[i].Stops)
		}
		r.Take(part)
		left = left[n:]
	}
	r.Done()
}

func simulateRecall(t *testing.T, seed uint64) {
	t.Helper()
	apps, err := app.NewNamer(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &simulation{Rand: rand.New(rand.NewPCG(seed, 3)), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	ledger := func() *Ledger {
		return NewAt(Limits{Age: 24 * time.Hour, Always: 20, Count: 300}, apps, func() time.Time { return s.now })
	}
	lived := &chronicler{ledger: ledger()}
	lived.ledger.Subscribe(func(n News) { lived.rings = append(lived.rings, n.Rings...) })
	for i := range 1 + s.IntN(4) {
		place := &site{endpoint: fmt.Sprint("e", i), up: true}
		if s.IntN(4) > 0 {
			place.name = fmt.Sprint("n", i)
		}
		s.sites = append(s.sites, place)
		s.start(place)
	}
	for range s.IntN(30) {
		s.live()
		lived.merge(s.readings(lived.ledger))
	}
	lived.flush()
	told := ledger()
	lived.recalled(told, s.Rand)
	for round := range 10 {
		s.live()
		// How much is read is the plan of who lived through it.
		readings := s.readings(lived.ledger)
		got, want := told.Merge(copied(readings)), lived.merge(copied(readings))
		if difference := differ(got, want); difference != "" {
			t.Fatalf("round %d: %s", round, difference)
		}
	}
}

// TestWhatStoppedAtOnceStaysInOrder: records of one moment are in the order in which
// they were kept before, also where a block has others out of order.
func TestWhatStoppedAtOnceStaysInOrder(t *testing.T) {
	apps, err := app.NewNamer(nil)
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, newestFirst := range [][]uint64{{5, 4, 3, 2, 1}, {4, 5, 3, 2, 1}} {
		l := NewAt(Limits{Age: time.Hour, Count: 10}, apps, func() time.Time { return noon })
		chapter := Chapter{Standing: Standing{Server: model.Server{ID: "N", Now: noon}, Touched: noon}}
		for _, cid := range newestFirst {
			at := noon.Add(-time.Minute)
			if cid > 3 {
				at = at.Add(time.Duration(cid))
			}
			chapter.Stops = append(chapter.Stops, model.Stop{Connection: model.Connection{CID: cid}, At: at})
		}
		r := l.Recall()
		r.Take([]Chapter{chapter})
		r.Done()
		var got []uint64
		kept := &l.processes["N"].kept
		for i := range kept.Len() {
			got = append(got, kept.Get(i).CID())
		}
		if want := []uint64{1, 2, 3, 4, 5}; !slices.Equal(got, want) {
			t.Errorf("%v are kept as %v, want %v", newestFirst, got, want)
		}
	}
}

// readings are those of one read of all sites.
func (s *simulation) readings(l *Ledger) []model.Reading {
	var readings []model.Reading
	for _, p := range s.sites {
		reading := model.Reading{
			Endpoint: p.endpoint, Server: p.server, Ring: model.RingRead, Closed: p.closed, HeardAt: s.now,
			RingSize: int64(len(p.closed)),
		}
		switch {
		case !p.up:
			reading = model.Reading{Endpoint: p.endpoint, Err: errors.New("refused")}
		case s.IntN(6) == 0:
			reading.Ring, reading.Closed = model.RingNotAsked, nil
		case l.Plan(p.server).Skip:
			reading.Ring, reading.Closed = model.RingUnchanged, nil
		}
		readings = append(readings, reading)
	}
	return readings
}

func copied(readings []model.Reading) []model.Reading {
	own := slices.Clone(readings)
	for i := range own {
		own[i].Closed = slices.Clone(own[i].Closed)
	}
	return own
}

// differ says in what two snapshots differ that anybody sees.
func differ(got, want Snapshot) string {
	for i := range want.Servers {
		g, w := got.Servers[i], want.Servers[i]
		if !w.Answered && w.Coverage.Since.IsZero() {
			// Of one whose ring was never read, nothing was written.
			continue
		}
		// Gaps that ended before all that is kept are forgotten sooner or later.
		for _, c := range []*Coverage{&g.Coverage, &w.Coverage} {
			c.Gaps = slices.DeleteFunc(c.Gaps, func(gap books.Gap) bool { return gap.To.Before(c.Since) })
		}
		if !reflect.DeepEqual(g.Coverage, w.Coverage) {
			return fmt.Sprintf("coverage of %s:\n%+v, want\n%+v", w.Label, g.Coverage, w.Coverage)
		}
		if g.Label != w.Label || g.Server != w.Server || !g.HeardAt.Equal(w.HeardAt) {
			return fmt.Sprintf("server:\n%+v, want\n%+v", g, w)
		}
	}
	if g, w := stopsOf(got), stopsOf(want); !slices.Equal(g, w) {
		return fmt.Sprintf("stops:\n%v, want\n%v", g, w)
	}
	if !slices.Equal(got.Lives, want.Lives) {
		return fmt.Sprintf("lives:\n%+v, want\n%+v", got.Lives, want.Lives)
	}
	return ""
}

func stopsOf(s Snapshot) []model.Stop {
	var all []model.Stop
	for _, kept := range s.Kept {
		for i := range kept.Table.Len() {
			var stop model.Stop
			s.Symbols.Stop(kept.Table.Get(i), kept.ServerID, &stop)
			all = append(all, stop)
		}
	}
	slices.SortFunc(all, func(a, b model.Stop) int {
		return cmp.Or(cmp.Compare(a.ServerID, b.ServerID), a.At.Compare(b.At), cmp.Compare(a.CID, b.CID))
	})
	return all
}

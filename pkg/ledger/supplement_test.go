package ledger

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/simulate"
	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/advised"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// TestAdvisoriesProveNothing: whatever of the stops they tell, and whenever, each is
// shown and told once, and what is complete is so by the rings alone.
func TestAdvisoriesProveNothing(t *testing.T) {
	simulate.Rounds(t, 2*time.Second, func(seed uint64) { simulateAdvisories(t, seed) })
}

// advising is a ledger that advisories are told, beside one that they are not.
type advising struct {
	*simulation
	plain, told *Ledger
	news        map[stopID]int
	// rings are those that rings told and not only advisories, of each ledger.
	rings [2]map[stopID]int
}

type stopID struct {
	server string
	cid    uint64
}

func simulateAdvisories(t *testing.T, seed uint64) {
	t.Helper()
	apps, err := app.NewNamer(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &advising{
		simulation: &simulation{Rand: rand.New(rand.NewPCG(seed, 5)), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)},
		news:       map[stopID]int{},
		rings:      [2]map[stopID]int{{}, {}},
	}
	for _, l := range []**Ledger{&s.plain, &s.told} {
		*l = NewAt(Limits{Age: 1000 * time.Hour, Always: 20, Count: 100_000}, apps, func() time.Time { return s.now })
	}
	s.told.Subscribe(s.hear)
	for i, l := range []*Ledger{s.plain, s.told} {
		l.Subscribe(func(n News) { shown(n, s.rings[i]) })
	}
	for i := range 1 + s.IntN(3) {
		place := &site{endpoint: fmt.Sprint("e", i), name: fmt.Sprint("n", i), up: true}
		s.sites = append(s.sites, place)
		s.start(place)
	}
	part := s.Float64()
	var late []advised.Stop
	for range 30 {
		s.live()
		for _, one := range s.take() {
			if s.Float64() < part {
				late = append(late, one)
			}
		}
		n := s.IntN(len(late) + 1)
		s.told.Supplement(late[:n])
		late = slices.Clone(late[n:])
		s.compare(t)
	}
}

// take are the stops since it was called last.
func (s *advising) take() []advised.Stop {
	defer func() { s.made = nil }()
	return s.made
}

func (s *advising) hear(n News) {
	for _, ring := range n.Rings {
		for _, stop := range ring.Stops {
			s.news[stopID{ring.Server.ID, stop.CID}]++
		}
	}
}

// shown counts what rings showed.
func shown(n News, times map[stopID]int) {
	for _, ring := range n.Rings {
		if ring.Advised {
			continue
		}
		for _, stop := range slices.Concat(ring.Stops, ring.Confirmed) {
			times[stopID{ring.Server.ID, stop.CID}]++
		}
	}
}

// TestWhatIsToldOfStrangersIsBounded: the newest wait, by server, for one that is read soon.
func TestWhatIsToldOfStrangersIsBounded(t *testing.T) {
	apps, err := app.NewNamer(nil)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	l := NewAt(Limits{Age: 24 * time.Hour, Count: 500_000}, apps, func() time.Time { return now })
	told := func(id string, many int) []advised.Stop {
		all := make([]advised.Stop, many)
		for i := range all {
			at := now.Add(time.Duration(i) * time.Millisecond)
			all[i] = advised.Stop{Server: model.Server{ID: id, Name: id}, Stop: model.Stop{At: at, Connection: model.Connection{CID: uint64(i + 1), Name: "client"}}}
		}
		return all
	}
	for range 20 {
		l.Supplement(told("FAR", 10_000))
		now = now.Add(time.Minute)
		l.Merge(nil)
	}
	l.Supplement(told("NEW", 100))
	l.Merge(nil)
	const most = bytesOfStrangers / 700
	if got := l.waiting(); got > most || got < most*9/10 || len(l.advised["NEW"]) != 100 {
		t.Errorf("%d stops wait, %d of a server that is told of last", got, len(l.advised["NEW"]))
	}
	newest := l.advised["FAR"][len(l.advised["FAR"])-1].Stop.At
	if want := now.Add(-time.Minute + 9999*time.Millisecond); !newest.Equal(want) {
		t.Errorf("the newest is of %s, want %s", newest, want)
	}
}

func (s *advising) compare(t *testing.T) {
	t.Helper()
	// How much is read is the plan of who knows less.
	readings := s.readings(s.plain)
	want, got := s.plain.Merge(copied(readings)), s.told.Merge(copied(readings))
	shown := map[stopID]bool{}
	for _, stop := range stopsOf(got) {
		id := stopID{stop.ServerID, stop.CID}
		if shown[id] || s.news[id] != 1 {
			t.Fatalf("%v is there twice, or told %d times", id, s.news[id])
		}
		shown[id] = true
	}
	if len(s.news) != len(shown) {
		t.Fatalf("%d stops are told, %d shown", len(s.news), len(shown))
	}
	for _, stop := range stopsOf(want) {
		if !shown[stopID{stop.ServerID, stop.CID}] {
			t.Fatalf("%v is not shown", stop)
		}
	}
	if !maps.Equal(s.rings[0], s.rings[1]) {
		t.Fatalf("rings told %d stops, and %d where advisories told before", len(s.rings[0]), len(s.rings[1]))
	}
	if !slices.Equal(got.Lives, want.Lives) {
		t.Fatalf("lives:\n%+v, want\n%+v", got.Lives, want.Lives)
	}
	for i := range want.Servers {
		g, w := got.Servers[i].Coverage, want.Servers[i].Coverage
		if !g.Since.Equal(w.Since) || !g.Until.Equal(w.Until) || g.EvictedBefore != w.EvictedBefore {
			t.Fatalf("coverage %+v, want %+v", g, w)
		}
		if text := taken(g, w); text != "" {
			t.Fatalf("gaps\n%+v, want of\n%+v: %s", g.Gaps, w.Gaps, text)
		}
	}
}

// taken says what is wrong with the gaps: each lacks as many less as advisories gave.
func taken(got, want Coverage) string {
	left := slices.Clone(got.Gaps)
	for _, gap := range want.Gaps {
		i := slices.IndexFunc(left, func(g books.Gap) bool {
			return g.From.Equal(gap.From) && g.To.Equal(gap.To) && g.Restart == gap.Restart
		})
		switch {
		case i < 0 && gap.Lost == 0:
			return fmt.Sprintf("%+v is not told", gap)
		case i < 0:
			continue
		case left[i].Lost > gap.Lost || left[i].Lost == 0 && gap.Lost > 0:
			return fmt.Sprintf("%+v is told as %+v", gap, left[i])
		}
		left = slices.Delete(left, i, i+1)
	}
	if len(left) > 0 {
		return fmt.Sprintf("there are no %+v", left)
	}
	return ""
}

// overrun is a server whose ring dropped what advisories told: 7 of 20 stops, of which
// it still shows 10.
func overrun(t *testing.T, tell func(l *Ledger, made []advised.Stop)) (*Ledger, *simulation, Snapshot) {
	t.Helper()
	apps, err := app.NewNamer(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &simulation{Rand: rand.New(rand.NewPCG(1, 1)), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	l := NewAt(DefaultLimits(), apps, func() time.Time { return s.now })
	n1 := &site{endpoint: "e1", name: "n1", up: true}
	s.sites = []*site{n1}
	s.start(n1)
	s.pass(l, n1, 3)
	s.pass(l, n1, 20)
	tell(l, s.made)
	s.pass(l, n1, 0)
	snapshot := s.pass(l, n1, 0)
	return l, s, snapshot
}

// pass closes connections of a site, a second each, and reads it 10 s later.
func (s *simulation) pass(l *Ledger, p *site, count int) Snapshot {
	for range count {
		s.now = s.now.Add(time.Second)
		p.server.Total++
		p.closed = append([]model.Stop{{At: s.now, Connection: model.Connection{CID: uint64(p.server.Total), Profile: model.Profile{Kind: "Client"}}}}, p.closed...)
		s.made = append(s.made, advised.Stop{Server: p.server, Stop: p.closed[0]})
		p.closed = p.closed[:min(len(p.closed), 10)]
	}
	s.now = s.now.Add(10 * time.Second)
	p.server.Now = s.now
	return l.Merge([]model.Reading{{Endpoint: p.endpoint, Server: p.server, Ring: model.RingRead, Closed: slices.Clone(p.closed), HeardAt: s.now, RingSize: int64(len(p.closed))}})
}

// TestAdvisoriesCompleteWhatRingsDropped, and a gap lacks as many less.
func TestAdvisoriesCompleteWhatRingsDropped(t *testing.T) {
	for told, test := range map[int]struct{ shown, lost int }{0: {13, 10}, 7: {17, 6}, 13: {23, 0}} {
		_, _, s := overrun(t, func(l *Ledger, made []advised.Stop) { l.Supplement(made[:told]) })
		var lost int64
		for _, gap := range s.Servers[0].Coverage.Gaps {
			lost += gap.Lost
		}
		if got := len(stopsOf(s)); got != test.shown || lost != int64(test.lost) {
			t.Errorf("%d told: %d shown, %d lost", told, got, lost)
		}
	}
}

// TestARingThatWasAwayCountsAsItself: what advisories told meanwhile is not twice there,
// and takes nothing from what the ring is found to lack.
func TestARingThatWasAwayCountsAsItself(t *testing.T) {
	l, s, _ := overrun(t, func(*Ledger, []advised.Stop) {})
	n1 := s.sites[0]
	s.made = nil
	before := l.processes[n1.server.ID].books.Missing()
	for range 20 {
		s.now = s.now.Add(time.Second)
		n1.server.Total++
		n1.closed = append([]model.Stop{{At: s.now, Connection: model.Connection{CID: uint64(n1.server.Total), Profile: model.Profile{Kind: "Client"}}}}, n1.closed...)[:10]
		s.made = append(s.made, advised.Stop{Server: n1.server, Stop: n1.closed[0]})
	}
	s.now = s.now.Add(2 * silentFor)
	l.Supplement(s.made[15:])
	away := l.Merge([]model.Reading{{Endpoint: n1.endpoint, Err: fmt.Errorf("refused")}})
	if got := len(stopsOf(away)); got != 18 {
		t.Fatalf("%d stops while it is away", got)
	}
	if h := l.processes[n1.server.ID]; h.has(&n1.closed[9]) || !h.has(&n1.closed[0]) {
		t.Fatal("it has what nobody told, or not what was told")
	}
	s.pass(l, n1, 0)
	s.pass(l, n1, 0)
	back := s.pass(l, n1, 0)
	h := l.processes[n1.server.ID]
	if got := len(stopsOf(back)); got != 23 || h.books.Missing() != before+10 || h.advised.Len() > 0 {
		t.Errorf("%d stops, %d missing, %v", got, h.books.Missing(), h.advised)
	}
}

// TestAdvisoriesOfAProcessThatNobodyRead: its stops are shown once another one runs in
// its place; those of servers that are not read are nobody's.
func TestAdvisoriesOfAProcessThatNobodyRead(t *testing.T) {
	of := func(id, name string, cid uint64, at time.Time) advised.Stop {
		return advised.Stop{Server: model.Server{ID: id, Name: name}, Stop: model.Stop{At: at, Connection: model.Connection{CID: cid, Profile: model.Profile{Kind: "Client"}}}}
	}
	l, s, _ := overrun(t, func(l *Ledger, made []advised.Stop) {
		began := made[0].Server.Start
		l.Supplement([]advised.Stop{of("OLD", "n1", 8, began.Add(-time.Hour)), of("OTHER", "n9", 8, began.Add(-time.Hour)), of("BESIDE", "n1", 8, began.Add(time.Second))})
	})
	n1 := s.sites[0]
	want := l.processes[n1.server.ID].own()
	got := s.pass(l, n1, 0)
	old := slices.DeleteFunc(stopsOf(got), func(stop model.Stop) bool { return stop.ServerID == n1.server.ID })
	if len(old) != 1 || old[0].ServerID != "OLD" || old[0].Server != "n1" {
		t.Errorf("%+v", old)
	}
	if c := got.Servers[0].Coverage; !c.Since.Equal(want.Since) || len(got.Lives) != 1 {
		t.Errorf("coverage %+v, lives %+v", c, got.Lives)
	}
}

package ledger

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/simulate"
	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/advised"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// TestRandomRestartsMakeNoCircle: whatever restarts, moves, fails and is asked
// in whatever order, no process comes before itself, and each process is
// filed under its own id.
func TestRandomRestartsMakeNoCircle(t *testing.T) {
	simulate.Rounds(t, time.Second, func(seed uint64) { simulateRestarts(t, seed) })
}

// site is an address at which one process after the other runs.
type site struct {
	endpoint, name string
	up             bool
	server         model.Server
	closed         []model.Stop // newest first
}

// simulation is a few sites, and the ledger that reads them.
type simulation struct {
	*rand.Rand
	ledger  *Ledger
	now     time.Time
	sites   []*site
	started int
	// made are all stops, whether or not a ring still has them.
	made []advised.Stop
}

func simulateRestarts(t *testing.T, seed uint64) {
	t.Helper()
	apps, err := app.NewNamer(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &simulation{
		Rand: rand.New(rand.NewPCG(seed, 1)), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		ledger: New(Limits{Age: 24 * time.Hour, Always: 20, Count: 300}, apps),
	}
	for i := range 1 + s.IntN(4) {
		place := &site{endpoint: fmt.Sprint("e", i), up: true}
		if s.IntN(2) == 0 {
			place.name = fmt.Sprint("n", i)
		}
		s.sites = append(s.sites, place)
		s.start(place)
	}
	for range 30 {
		s.live()
		s.read()
		s.check(t)
	}
}

func (s *simulation) start(p *site) {
	s.started++
	id := fmt.Sprint("ID", s.started)
	p.server, p.closed = model.Server{ID: id, Name: id, Start: s.now, Now: s.now}, nil
	if p.name != "" {
		p.server.Name = p.name
	}
}

// live lets time pass, and with it what can happen to a server.
func (s *simulation) live() {
	s.now = s.now.Add(time.Duration(s.IntN(600)) * time.Second)
	for _, p := range s.sites {
		switch s.IntN(8) {
		case 0:
			s.start(p)
			p.up = true
		case 1:
			p.up = false
		case 2:
			p.up = true
		}
		for range s.IntN(15) {
			s.now = s.now.Add(time.Second)
			p.server.Total++
			p.closed = append([]model.Stop{{At: s.now, Connection: model.Connection{CID: uint64(p.server.Total), Profile: model.Profile{Kind: "Client"}}}}, p.closed...)
			s.made = append(s.made, advised.Stop{Server: p.server, Stop: p.closed[0]})
			p.closed = p.closed[:min(len(p.closed), 10)]
		}
		p.server.Now = s.now
	}
}

// read asks for closed connections or for open ones only.
func (s *simulation) read() {
	var readings []model.Reading
	open := s.IntN(3) == 0
	for _, p := range s.sites {
		reading := model.Reading{Endpoint: p.endpoint, Server: p.server, Ring: model.RingRead, Closed: p.closed}
		switch {
		case !p.up:
			reading = model.Reading{Endpoint: p.endpoint, Err: errors.New("refused")}
		case open:
			reading.Ring, reading.Closed = model.RingNotAsked, nil
		case s.ledger.Plan(p.server).Skip:
			reading.Ring, reading.Closed = model.RingUnchanged, nil
		}
		readings = append(readings, reading)
	}
	s.ledger.Merge(readings)
}

func (s *simulation) check(t *testing.T) {
	t.Helper()
	for id, h := range s.ledger.processes {
		if id != h.server.ID {
			t.Fatalf("%q is filed under %q", h.server.ID, id)
		}
		seen := map[*process]bool{}
		for f := h; f != nil; f = f.former {
			if seen[f] {
				t.Fatalf("%q comes before itself", id)
			}
			seen[f] = true
		}
	}
}

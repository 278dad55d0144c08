package ledger

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// Limits bound what a ledger keeps.
type Limits struct {
	// Age drops stops that are older, except for the newest Always of each server.
	Age    time.Duration
	Always int
	// Count drops the oldest stops beyond it, of all servers together.
	Count int
}

// DefaultLimits keep a day, and a bounded amount of memory.
func DefaultLimits() Limits { return Limits{Age: 24 * time.Hour, Always: ringDepth, Count: 500_000} }

// Ledger remembers stops beyond the servers' rings, each once, and since when
// it knows them all. It is safe for concurrent use.
type Ledger struct {
	limits Limits
	apps   *app.Namer
	tell   func(News)

	mu        sync.Mutex
	processes map[string]*process     // by server id
	last      map[string]model.Server // by endpoint
	accounts  accountNames
	// places is how many places there were so far.
	places placeID
	// symbol table is what the processes' records refer to.
	symbols *store.SymbolTable
}

// New makes an empty ledger.
func New(limits Limits, apps *app.Namer) *Ledger {
	return &Ledger{
		limits:    limits,
		apps:      apps,
		tell:      func(News) {},
		processes: map[string]*process{},
		last:      map[string]model.Server{},
		accounts:  accountNames{},

		symbols: store.NewSymbolTable(apps),
	}
}

// Merge takes what the servers answered and returns everything known now. It
// takes the readings over and completes their open connections.
func (l *Ledger) Merge(readings []model.Reading) Snapshot {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.learnAccounts(readings)
	for i := range readings {
		l.complete(&readings[i])
	}
	answered := answeredIDs(readings)
	var rings []RingNews
	for _, reading := range readings {
		if reading.Err != nil {
			continue
		}
		l.last[reading.Endpoint] = reading.Server
		h := l.processes[reading.Server.ID]
		switch reading.Ring {
		case model.RingRead:
			if h == nil {
				h = l.meet(reading, answered)
			}
			h.flaws = reading.Flaws
			fresh := h.add(reading, l.packer(store.Place{ID: h.place, Server: reading.Server.Name, Cluster: reading.Server.Cluster}))
			rings = append(rings, RingNews{Server: reading.Server, Stops: fresh, Gaps: h.finalGaps()})
		case model.RingUnchanged:
			if h != nil {
				h.confirm(reading.Server)
			}
		case model.RingNotAsked:
			// Nothing is kept of a process whose ring was not read.
		}
	}
	l.evict()
	if l.symbols.Size() > 2*l.kept()+SpareSymbols {
		l.symbols = l.compacted()
	}
	s, labels := l.snapshot(readings, answered)
	for i := range rings {
		rings[i].Label = labels[l.processes[rings[i].Server.ID].place]
	}
	l.tell(News{Rings: rings, Kept: l.kept(), accounts: l.accounts})
	return s
}

func (l *Ledger) complete(reading *model.Reading) {
	for i := range reading.Open {
		c := &reading.Open[i]
		c.Cluster, c.App = reading.Server.Cluster, l.apps.App(c.Name)
		c.Account = l.accounts.of(store.Account{Reported: c.Account, ID: c.AccountID})
	}
}

// packer makes records of one server's stops.
type packer func(s *model.Stop, arena *[]byte) store.Row

func (l *Ledger) packer(place store.Place) packer {
	return func(s *model.Stop, arena *[]byte) store.Row { return l.symbols.Row(s, place, arena) }
}

func (l *Ledger) evict() {
	l.forget()
	for _, h := range l.processes {
		horizon := h.server.Now.Add(-l.limits.Age)
		spare := max(h.kept.Len()-l.limits.Always, 0)
		h.drop(min(spare, h.kept.Search(model.Nanos(horizon))))
	}
	if total := l.kept(); total > l.limits.Count {
		cutoff := l.nthOldest(total - l.limits.Count)
		for _, h := range l.processes {
			h.drop(h.kept.Search(cutoff + 1))
		}
	}
}

// forget gives up processes that were not heard for longer than stops are kept.
func (l *Ledger) forget() {
	var latest time.Time
	for _, h := range l.processes {
		if h.server.Now.After(latest) {
			latest = h.server.Now
		}
	}
	maps.DeleteFunc(l.processes, func(id string, h *process) bool {
		gone := h.server.Now.Before(latest.Add(-l.limits.Age))
		if gone {
			maps.DeleteFunc(l.last, func(_ string, last model.Server) bool { return last.ID == id })
		}
		return gone
	})
	for _, h := range l.processes {
		if h.former != nil && l.processes[h.former.server.ID] == nil {
			h.former = nil
		}
	}
}

func (l *Ledger) kept() int {
	total := 0
	for _, h := range l.processes {
		total += h.kept.Len()
	}
	return total
}

// nthOldest returns when the n-th oldest of all stops happened.
func (l *Ledger) nthOldest(n int) int64 {
	var times []int64
	for _, h := range l.processes {
		for i := range min(n, h.kept.Len()) {
			times = append(times, h.kept.At(i))
		}
	}
	slices.Sort(times)
	return times[n-1]
}

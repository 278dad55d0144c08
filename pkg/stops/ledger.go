package stops

import (
	"maps"
	"slices"
	"sync"
	"time"
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
	apps   *AppNamer
	tell   func(News)

	mu        sync.Mutex
	histories map[string]*history // by server id
	last      map[string]Server   // by endpoint
	accounts  accountNames
	// vocabulary is what the histories' records refer to.
	vocabulary *vocabulary
}

// NewLedger makes an empty ledger.
func NewLedger(limits Limits, apps *AppNamer) *Ledger {
	return &Ledger{
		limits:    limits,
		apps:      apps,
		tell:      func(News) {},
		histories: map[string]*history{},
		last:      map[string]Server{},
		accounts:  accountNames{},

		vocabulary: newVocabulary(apps),
	}
}

// Merge takes what the servers answered and returns everything known now. It
// takes the readings over and completes their open connections.
func (l *Ledger) Merge(readings []Reading) Snapshot {
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
		l.noteRestart(reading, answered)
		switch h := l.history(reading.Server.ID); reading.Ring {
		case RingRead:
			fresh := h.add(reading, l.packer(reading.Server))
			rings = append(rings, RingNews{Server: reading.Server, Stops: fresh, Gaps: h.finalGaps()})
		case RingUnchanged:
			h.confirm(reading.Server)
		case RingNotAsked:
		}
	}
	l.evict()
	if l.vocabulary.size() > 2*l.kept()+spareWords {
		l.vocabulary = l.renewed()
	}
	l.tell(News{Rings: rings, Kept: l.kept(), accounts: l.accounts})
	return l.snapshot(readings)
}

func (l *Ledger) complete(reading *Reading) {
	for i := range reading.Open {
		c := &reading.Open[i]
		c.Server, c.Cluster, c.App = reading.Server.Name, reading.Server.Cluster, l.apps.App(c.Name)
		c.Account = l.accounts.of(account{c.Account, c.AccountID})
	}
}

// packer makes records of one server's stops.
type packer func(s *Stop, arena *[]byte) record

func (l *Ledger) packer(server Server) packer {
	return func(s *Stop, arena *[]byte) record { return l.vocabulary.record(s, server, arena) }
}

func (l *Ledger) history(id string) *history {
	if l.histories[id] == nil {
		l.histories[id] = newHistory()
	}
	return l.histories[id]
}

func (l *Ledger) evict() {
	l.forget()
	for _, h := range l.histories {
		horizon := h.server.Now.Add(-l.limits.Age)
		spare := max(h.kept.len()-l.limits.Always, 0)
		h.drop(min(spare, h.kept.search(nanos(horizon))))
	}
	if total := l.kept(); total > l.limits.Count {
		cutoff := l.nthOldest(total - l.limits.Count)
		for _, h := range l.histories {
			h.drop(h.kept.search(cutoff + 1))
		}
	}
}

// forget gives up processes that were not heard for longer than stops are kept.
func (l *Ledger) forget() {
	var latest time.Time
	for _, h := range l.histories {
		if h.server.Now.After(latest) {
			latest = h.server.Now
		}
	}
	maps.DeleteFunc(l.histories, func(_ string, h *history) bool { return h.server.Now.Before(latest.Add(-l.limits.Age)) })
	for _, h := range l.histories {
		if h.former != nil && l.histories[h.former.server.ID] == nil {
			h.former = nil
		}
	}
}

func (l *Ledger) kept() int {
	total := 0
	for _, h := range l.histories {
		total += h.kept.len()
	}
	return total
}

// nthOldest returns when the n-th oldest of all stops happened.
func (l *Ledger) nthOldest(n int) int64 {
	var times []int64
	for _, h := range l.histories {
		for i := range min(n, h.kept.len()) {
			times = append(times, h.kept.at(i))
		}
	}
	slices.Sort(times)
	return times[n-1]
}

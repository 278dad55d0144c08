package stops

import (
	"slices"
	"sort"
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

	mu        sync.Mutex
	histories map[string]*history // by server id
	last      map[string]Server   // by endpoint
	accounts  accountNames
}

// NewLedger makes an empty ledger.
func NewLedger(limits Limits, apps *AppNamer) *Ledger {
	return &Ledger{
		limits:    limits,
		apps:      apps,
		histories: map[string]*history{},
		last:      map[string]Server{},
		accounts:  accountNames{},
	}
}

// Merge takes what the servers answered and returns everything known now. It
// takes the readings over and completes their records.
func (l *Ledger) Merge(readings []Reading) Snapshot {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range readings {
		l.complete(&readings[i])
	}
	l.renameAccounts(readings)
	for _, reading := range readings {
		if reading.Err != nil {
			continue
		}
		l.noteRestart(reading)
		switch h := l.history(reading.Server.ID); reading.Ring {
		case RingRead:
			h.add(reading)
		case RingUnchanged:
			h.confirm(reading.Server)
		case RingNotAsked:
		}
	}
	l.evict()
	return l.snapshot(readings)
}

func (l *Ledger) complete(reading *Reading) {
	fill := func(c *Connection) {
		c.Server, c.Cluster, c.App = reading.Server.Name, reading.Server.Cluster, l.apps.App(c.Name)
	}
	for i := range reading.Closed {
		fill(&reading.Closed[i].Connection)
	}
	for i := range reading.Open {
		fill(&reading.Open[i])
	}
}

func (l *Ledger) history(id string) *history {
	if l.histories[id] == nil {
		l.histories[id] = newHistory()
	}
	return l.histories[id]
}

// noteRestart remembers who answers at an endpoint; a process that began
// after the last read of its predecessor took the records in between with it.
func (l *Ledger) noteRestart(reading Reading) {
	before := l.last[reading.Endpoint]
	l.last[reading.Endpoint] = reading.Server
	if before.ID == "" || before.ID == reading.Server.ID || !reading.Server.Start.After(before.Now) {
		return
	}
	h := l.history(reading.Server.ID)
	h.gaps = append(h.gaps, Gap{From: before.Now, To: reading.Server.Start, Restart: true})
}

func (l *Ledger) evict() {
	total := 0
	for _, h := range l.histories {
		horizon := h.server.Now.Add(-l.limits.Age)
		spare := max(len(h.kept)-l.limits.Always, 0)
		h.drop(sort.Search(spare, func(i int) bool { return !h.kept[i].At.Before(horizon) }))
		total += len(h.kept)
	}
	if total > l.limits.Count {
		cutoff := l.nthOldest(total - l.limits.Count)
		for _, h := range l.histories {
			h.drop(sort.Search(len(h.kept), func(i int) bool { return h.kept[i].At.After(cutoff) }))
		}
	}
}

// nthOldest returns when the n-th oldest of all stops happened.
func (l *Ledger) nthOldest(n int) time.Time {
	var times []time.Time
	for _, h := range l.histories {
		for i := range h.kept[:min(n, len(h.kept))] {
			times = append(times, h.kept[i].At)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times[n-1]
}

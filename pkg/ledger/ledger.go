package ledger

import (
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/account"
	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/advised"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/clock"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// Ledger remembers stops beyond the servers' rings, each once, and since when
// it knows them all. It is safe for concurrent use. Nothing is called while it
// is locked; see Subscribe.
type Ledger struct {
	limits Limits
	// now is our clock.
	now func() time.Time

	mu        sync.Mutex
	apps      *app.Namer
	processes map[string]*process // by server id
	last      map[string]heard    // by endpoint
	accounts  account.Names
	// advised are stops that advisories told, by server id, which wait for its ring.
	advised map[string][]advised.Stop
	// places is how many places there were so far.
	places placeID
	// merges is how many there were.
	merges int
	// symbols are what the processes' records refer to.
	symbols *store.SymbolTable

	subscribers
}

// Limits bound what a ledger keeps.
type Limits struct {
	// Age drops stops that are older, except for the newest Always of each server.
	Age    time.Duration
	Always int
	// Count drops the oldest stops beyond it, of all servers together.
	Count int
	// Bytes drops the oldest stops while what clients call themselves takes more;
	// 0 bounds nothing.
	Bytes int
}

const (
	// defaultBytes are enough for half a million names of 250 letters.
	defaultBytes = 128 << 20
	// ringDepth is how many records a server keeps by default
	// (nats-server.md#the-ring-of-closed-connections); that many are kept here of each server, whatever their age.
	ringDepth = 10_000
)

// DefaultLimits keep a day, and a bounded amount of memory.
func DefaultLimits() Limits {
	return Limits{Age: 24 * time.Hour, Always: ringDepth, Count: 500_000, Bytes: defaultBytes}
}

// lately is how long another server that answered at an address is told of, and what a
// server was called before it was heard.
const lately = time.Hour

// heard is who answered last at an endpoint; nobody, if none did yet.
type heard struct {
	server model.Server
	// at is when, by our clock, and asked when somebody was asked there last.
	at, asked time.Time
	// unheard is until when nobody had ever answered there.
	unheard time.Time
}

// answers is the same after an answer.
func (h heard) answers(server model.Server, now time.Time) heard {
	h.server, h.at, h.asked = server, now, now
	return h
}

// keepsSilent is the same after none.
func (h heard) keepsSilent(now time.Time) heard {
	h.asked = now
	if h.server.ID == "" {
		h.unheard = now
	}
	return h
}

// formerly is what a server at an endpoint was called before it said its name, for as
// long as alerts about it may go on.
func (h heard) formerly(endpoint string, now time.Time) string {
	if h.server.ID == "" || h.unheard.IsZero() || now.Sub(h.unheard) >= lately {
		return ""
	}
	return endpoint
}

// New makes an empty ledger.
func New(limits Limits, apps *app.Namer) *Ledger { return NewAt(limits, apps, time.Now) }

// NewAt makes an empty ledger that goes by a clock.
func NewAt(limits Limits, apps *app.Namer, now func() time.Time) *Ledger {
	l := &Ledger{
		limits:    limits,
		now:       now,
		apps:      apps,
		processes: map[string]*process{},
		last:      map[string]heard{},
		advised:   map[string][]advised.Stop{},
		symbols:   store.NewSymbolTable(apps),
	}
	l.guard = &l.mu
	return l
}

// SetApps has apps found by other patterns from now on, those of what is kept, too.
// Snapshots go on by those that they were taken with.
func (l *Ledger) SetApps(apps *app.Namer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.apps = apps
	l.symbols.SetApps(apps)
}

// SetLimits has other limits hold from the next merge on. What was dropped
// under narrower ones does not come back.
func (l *Ledger) SetLimits(limits Limits) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limits = limits
}

// safetyRead is how long a ring is left alone at the most while its server's
// counters stand still: they do not show everything (decision D3).
const safetyRead = 10 * time.Second

// Stir has a server's next reading look into the ring, though its counters stand
// still: somebody told that there is news.
func (l *Ledger) Stir(serverID string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h := l.processes[serverID]; h != nil {
		h.restless = true
	}
}

// Plan decides by the counters that a server just told. It is called between
// the two requests of a read and so must not wait for one.
func (l *Ledger) Plan(server model.Server) model.RingPlan {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.processes[server.ID]
	if h == nil || h.ringReadAt.IsZero() || h.slipped || h.clock.WentBack(server.Now) {
		return model.RingPlan{}
	}
	if !h.restless && !server.Uncounted && server.Counters == h.server.Counters && server.Now.Sub(h.ringReadAt) < safetyRead {
		return model.RingPlan{Skip: true}
	}
	return model.RingPlan{Since: h.ringReadAt.Add(-books.WrittenLate - clock.Tolerance), Known: func(rows []model.Stop) int {
		// What was merged since then is known as well. A copy would cost each read more
		// than waiting for a merge, for which its end waits anyhow.
		l.mu.Lock()
		defer l.mu.Unlock()
		return h.countKnown(rows)
	}}
}

// countKnown counts what is kept, or was and was dropped. Times are the server's.
func (h *process) countKnown(rows []model.Stop) int {
	count := 0
	for i := range rows {
		if h.known.Has(rows[i].CID) || !h.clock.Ours(rows[i].At).After(h.dropped) {
			count++
		}
	}
	return count
}

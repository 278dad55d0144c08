package watch

import (
	"slices"
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/finding/knowledge"
	"github.com/natsops/nats-connections-datasource/pkg/finding/rules"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// Watch finds, once for everybody who asks about the same. It is safe for
// concurrent use; the zero value is ready.
type Watch struct {
	mu    sync.Mutex
	seen  sight
	found []finding.Finding
	going going
}

// By is what a data source's settings say of rules.
type By struct {
	Classifier *reason.Classifier
	Thresholds finding.Thresholds
	// Tenant: an ordinary account's login looks.
	Tenant bool
	// ID stands for all: it is another one when one of them is.
	ID any
}

// Look is all that is found in a snapshot and the open connections that were
// listed last, the most severe first.
func (w *Watch) Look(s ledger.Snapshot, beside facts.Beside, by By, now time.Time) []finding.Finding {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := slices.Concat(w.lasting(s, beside, by), knowledge.Find(s.Servers, by.Thresholds, by.Tenant, now))
	found = w.going.update(found, by.ID, now, silent(s, beside.Open))
	finding.Sort(found)
	return found
}

// lasting is what does not change as time goes by.
func (w *Watch) lasting(s ledger.Snapshot, beside facts.Beside, by By) []finding.Finding {
	if now := sightOf(s, beside, by); !now.same(w.seen) {
		w.found = rules.Find(facts.New(s, beside, by.Classifier, by.Thresholds.InTurn()), by.Thresholds, by.Tenant)
		w.seen = now
	}
	return w.found
}

// sight tells snapshots apart by what rules look at.
type sight struct {
	by        any
	kept      []table
	lives     []ledger.Life
	apps      any
	labels    []string
	accounts  []string
	open      *model.Connection
	openCount int
	slow      int
	// listed is when each server listed what is open.
	listed []time.Time
}

// table is what changes when stops are added or dropped, wherever it is.
type table struct {
	server       string
	length       int
	oldest, last int64
}

func sightOf(s ledger.Snapshot, beside facts.Beside, by By) sight {
	open := beside.Open.Open
	p := sight{
		by: by.ID, lives: s.Lives, apps: s.Symbols.Apps, labels: s.Symbols.ServerLabels, accounts: s.Symbols.AccountNames,
		openCount: len(open), slow: len(beside.Slow),
	}
	for _, state := range beside.Open.Servers {
		p.listed = append(p.listed, state.OpenAt)
	}
	if len(open) > 0 {
		p.open = &open[0]
	}
	for _, k := range s.Kept {
		n := k.Table.Len()
		p.kept = append(p.kept, table{k.ServerID, n, k.Table.At(0), k.Table.At(n - 1)})
	}
	return p
}

func (p sight) same(other sight) bool {
	return p.by == other.by && p.apps == other.apps && p.open == other.open && p.openCount == other.openCount && p.slow == other.slow &&
		slices.Equal(p.kept, other.kept) && slices.EqualFunc(p.lives, other.lives, sameLife) &&
		slices.EqualFunc(p.listed, other.listed, time.Time.Equal) && slices.Equal(p.labels, other.labels) && slices.Equal(p.accounts, other.accounts)
}

// sameLife does not look at when a server was last heard, which every read changes:
// of one that ended it does not change any more.
func sameLife(a, b ledger.Life) bool {
	a.HeardUntil, b.HeardUntil = time.Time{}, time.Time{}
	return a == b
}

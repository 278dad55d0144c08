package ledger

import (
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// compacted is a symbol table of what processes still refer to: names come and go
// with their instances, and so must their memory.
func (l *Ledger) compacted() *store.SymbolTable {
	old, fresh := l.symbols.Symbols(l.accounts.of), store.NewSymbolTable(l.apps)
	for id, h := range l.processes {
		var moved store.Table
		var one model.Stop
		var arena []byte
		for i := range h.kept.Len() {
			arena = arena[:0]
			old.Unpack(h.kept.Get(i), id, &one)
			moved.Append(fresh.Row(&one, model.Server{Name: one.Server, Cluster: one.Cluster}, &arena))
		}
		h.kept = moved
	}
	return fresh
}

// spareWords is how many values nothing refers to any more may stay at least.
const SpareSymbols = 1 << 14

package ledger

import "github.com/natsops/nats-connections-datasource/pkg/store"

// compacted is a symbol table of what processes still refer to: names come and go
// with their instances, and so must their memory.
func (l *Ledger) compacted() *store.SymbolTable {
	old, fresh := l.symbols.Symbols(l.naming(nil)), store.NewSymbolTable(l.apps)
	for _, h := range l.processes {
		var moved store.Table
		for i := range h.kept.Len() {
			moved.Append(fresh.Adopt(h.kept.Get(i), &old))
		}
		h.kept = moved
	}
	return fresh
}

// SpareSymbols is how many values nothing refers to any more may stay at least.
const SpareSymbols = 1 << 14

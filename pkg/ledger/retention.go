package ledger

import (
	"maps"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// evict drops what is too old or too much. How old a stop is goes by the clock
// of its server, and by ours since that was last heard.
func (l *Ledger) evict(now time.Time) {
	l.forget(now)
	for _, h := range l.processes {
		horizon := h.server.Now.Add(now.Sub(h.touched) - l.limits.Age)
		spare := max(h.kept.Len()-l.limits.Always, 0)
		h.drop(min(spare, h.kept.Search(model.Nanos(horizon))))
	}
	if total := l.kept(); total > l.limits.Count {
		cutoff := l.nthOldest(total - l.limits.Count)
		for _, h := range l.processes {
			h.drop(h.kept.Search(cutoff + 1))
		}
	}
	if l.symbols.Size() > 2*l.kept()+SpareSymbols {
		l.symbols = l.compacted()
	}
	l.slim()
}

// slim drops the older half until texts take as little as they may: names come
// from strangers, who need no login to choose long ones (decision D5).
func (l *Ledger) slim() {
	if l.limits.Bytes == 0 || l.symbols.Bytes() <= l.limits.Bytes {
		return
	}
	l.symbols = l.compacted()
	for total := l.kept(); total > 0 && l.symbols.Bytes() > l.limits.Bytes; total = l.kept() {
		cutoff := l.nthOldest((total + 1) / 2)
		for _, h := range l.processes {
			h.drop(h.kept.Search(cutoff + 1))
		}
		l.symbols = l.compacted()
	}
}

// forget gives up whom we did not hear for longer than stops are kept, by our clock.
func (l *Ledger) forget(now time.Time) {
	// Who is asked still is called as before, however long it is silent.
	maps.DeleteFunc(l.last, func(_ string, last heard) bool {
		return now.Sub(last.at) > l.limits.Age && now.Sub(last.asked) > l.limits.Age
	})
	maps.DeleteFunc(l.processes, func(_ string, h *process) bool { return now.Sub(h.touched) > l.limits.Age })
	for _, h := range l.processes {
		if h.former != nil && l.processes[h.former.server.ID] != h.former {
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

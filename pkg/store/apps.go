package store

import (
	"math"
	"slices"
	"sync"

	"github.com/natsops/nats-connections-datasource/pkg/app"
)

// appTable finds the app of each name of a symbol table once, when it is first
// asked for: matching patterns costs more than all else that keeping a stop
// takes. It is safe for concurrent use.
type appTable struct {
	namer *app.Namer

	mu sync.Mutex
	// codes are the apps' numbers by the id of the name, or unknown. Those of the
	// first so many names are found, and never written again.
	codes []uint32
	found int
	apps  internTable[string]
}

// of is the app of one of the names.
func (t *appTable) of(names []string, id uint32) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.apps.values[t.code(names, id)]
}

// All are the apps of all the names, as numbers and what these stand for.
func (t *appTable) All(names []string) (codes []uint32, apps []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for ; t.found < len(names); t.found++ {
		t.code(names, uint32(t.found))
	}
	return t.codes[:len(names)], t.apps.values
}

const unknown = math.MaxUint32

func (t *appTable) code(names []string, id uint32) uint32 {
	if missing := len(names) - len(t.codes); missing > 0 {
		t.codes = append(t.codes, slices.Repeat([]uint32{unknown}, missing)...)
	}
	if t.codes[id] == unknown {
		t.codes[id] = t.apps.id(t.namer.Cut(names[id]))
	}
	return t.codes[id]
}

package stops

import "sync"

// appTable finds the app of each name of a vocabulary once, when it is first
// asked for: matching patterns costs more than all else that keeping a stop
// takes. It is safe for concurrent use.
type appTable struct {
	namer *AppNamer

	mu sync.Mutex
	// codes are by the id of the name, 1 more than the app's number; 0 is not known yet.
	codes []uint32
	apps  terms[string]
}

// of is the app of one of the names.
func (t *appTable) of(names []string, id uint32) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.apps.values[t.code(names, id)]
}

// all are the apps of all the names, as numbers and what these stand for.
func (t *appTable) all(names []string) (codes []uint32, apps []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	codes = make([]uint32, len(names))
	for id := range codes {
		codes[id] = t.code(names, uint32(id))
	}
	return codes, t.apps.values
}

func (t *appTable) code(names []string, id uint32) uint32 {
	if missing := len(names) - len(t.codes); missing > 0 {
		t.codes = append(t.codes, make([]uint32, missing)...)
	}
	if t.codes[id] == 0 {
		t.codes[id] = t.apps.id(t.namer.cut(names[id])) + 1
	}
	return t.codes[id] - 1
}

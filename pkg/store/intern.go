package store

import "hash/maphash"

// internTable numbers distinct values, each of which is kept once. Go's own map
// would take twice the room, and hash each new value several times.
type internTable[T comparable] struct {
	values []T
	// slots find a value's number by its hash, or else in the next ones; there
	// are a power of two, and some are always free.
	slots []slot
	// last saves looking up what was just looked up.
	last uint32
	// bytes is how long the first so many values are.
	bytes, weighed int
}

// slot is free while number, which is counted from 1, is 0.
type slot struct{ hash, number uint32 }

const fewestSlots = 64

var termSeed = maphash.MakeSeed()

func (t *internTable[T]) id(value T) uint32 {
	if len(t.values) > 0 && t.values[t.last] == value {
		return t.last
	}
	if 4*len(t.values) >= 3*len(t.slots) {
		t.grow()
	}
	hash := uint32(maphash.Comparable(termSeed, value))
	place := t.free(hash, func(number uint32) bool { return t.values[number-1] == value })
	if t.slots[place].number == 0 {
		t.values = append(t.values, value)
		t.slots[place] = slot{hash, uint32(len(t.values))}
	}
	t.last = t.slots[place].number - 1
	return t.last
}

// free finds the first slot for a hash that is free, or whose number is wanted.
func (t *internTable[T]) free(hash uint32, wanted func(number uint32) bool) uint32 {
	mask := uint32(len(t.slots) - 1)
	for place := hash & mask; ; place = (place + 1) & mask {
		if s := t.slots[place]; s.number == 0 || s.hash == hash && wanted(s.number) {
			return place
		}
	}
}

func (t *internTable[T]) grow() {
	old := t.slots
	t.slots = make([]slot, max(fewestSlots, 2*len(old)))
	for _, s := range old {
		if s.number != 0 {
			t.slots[t.free(s.hash, func(uint32) bool { return false })] = s
		}
	}
}

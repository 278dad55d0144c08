package store

// CIDSet is a set of connection ids, 64 neighbours in a word: a server counts
// them up, so those that it closes are near each other.
type CIDSet map[uint64]uint64

func place(cid uint64) (word, bit uint64) { return cid / 64, 1 << (cid % 64) }

// Has reports whether the cid is in the set.
func (s CIDSet) Has(cid uint64) bool {
	word, bit := place(cid)
	return s[word]&bit != 0
}

// Add puts a cid in.
func (s CIDSet) Add(cid uint64) {
	word, bit := place(cid)
	s[word] |= bit
}

// Join puts in what another set has.
func (s CIDSet) Join(other CIDSet) {
	for word, bits := range other {
		s[word] |= bits
	}
}

// Remove takes a cid out.
func (s CIDSet) Remove(cid uint64) {
	word, bit := place(cid)
	if s[word] &^= bit; s[word] == 0 {
		delete(s, word)
	}
}

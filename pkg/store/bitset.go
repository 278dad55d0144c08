package store

// cidSet is a set of connection ids, 64 neighbours in a word: a server counts
// them up, so those that it closes are near each other.
type CIDSet map[uint64]uint64

func place(cid uint64) (word, bit uint64) { return cid / 64, 1 << (cid % 64) }

func (s CIDSet) Has(cid uint64) bool {
	word, bit := place(cid)
	return s[word]&bit != 0
}

func (s CIDSet) Add(cid uint64) {
	word, bit := place(cid)
	s[word] |= bit
}

func (s CIDSet) Remove(cid uint64) {
	word, bit := place(cid)
	if s[word] &^= bit; s[word] == 0 {
		delete(s, word)
	}
}

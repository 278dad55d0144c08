package stops

// maxKinds is how many kinds of records a digest may tell apart: more would
// hardly be fewer than the records.
const maxKinds = 256

// digest sums a full chunk by what most queries group and filter by, so that
// they need not look at its records one by one. It is nil where there are too
// many kinds of records.
type digest []kind

// kind is what records of one reason, account and peer come to.
type kind struct {
	reason, account, peer uint32
	count                 uint32
	pending, last         int64
}

// id is what all records of the kind have in a column; ok is false where they differ.
func (k *kind) id(column column) (id uint32, ok bool) {
	switch column {
	case columnReason:
		return k.reason, true
	case columnAccount:
		return k.account, true
	case columnPeer:
		return k.peer, true
	default:
		return 0, false
	}
}

func (c *chunk) digest() digest {
	var d digest
	numbers := map[[3]uint32]int{}
	for i := range chunkSize {
		ids := [3]uint32{c.ids[columnReason][i], c.ids[columnAccount][i], c.ids[columnPeer][i]}
		number, known := numbers[ids]
		if !known {
			if len(d) == maxKinds {
				return nil
			}
			number = len(d)
			numbers[ids] = number
			d = append(d, kind{reason: ids[0], account: ids[1], peer: ids[2]})
		}
		d[number].count++
		d[number].pending += c.pending[i]
		d[number].last = c.at[i] // the chunk is in the order of time
	}
	return d
}

// digestible tells whether a digest knows all that the tally asks of records.
func (t *tally) digestible() bool {
	var none kind
	for _, l := range t.lexicons {
		if _, ok := none.id(l.column); !ok {
			return false
		}
	}
	for _, s := range t.sieves {
		if _, ok := none.id(s.column); !ok {
			return false
		}
	}
	return true
}

// bucketOf is the one bucket that a whole chunk lies in; ok is false where there
// is no such, or the series needs a look at each record.
func (t *tally) bucketOf(s span) (bucket int, ok bool) {
	if t.buckets.Count == 0 {
		return -1, true
	}
	bucket, end := t.buckets.find(s.at[0])
	return bucket, t.measure == nil && s.at[chunkSize-1] < end
}

// addDigest adds a chunk's records to their groups, and to a bucket of their series.
func (t *tally) addDigest(d digest, bucket int) {
	for i := range d {
		k := &d[i]
		if !k.passes(t.sieves) {
			continue
		}
		group := &t.sums[t.numberOf(k)]
		group.count += int64(k.count)
		group.last = max(group.last, k.last)
		if t.lossy[k.reason] {
			group.lost += k.pending
		}
		if bucket >= 0 {
			t.seriesOf(group)[bucket] += int64(k.count)
		}
	}
}

// seeDigest makes sure that the groups of a chunk's records exist.
func (t *tally) seeDigest(d digest) {
	for i := range d {
		if d[i].passes(t.seen) {
			t.numberOf(&d[i])
		}
	}
}

func (k *kind) passes(sieves []*sieve) bool {
	for _, s := range sieves {
		if id, _ := k.id(s.column); !s.admits(id) {
			return false
		}
	}
	return true
}

// numberOf is the number of the kind's group.
func (t *tally) numberOf(k *kind) uint32 {
	var codes [maxKeys]uint32
	for i, l := range t.lexicons {
		id, _ := k.id(l.column)
		codes[i] = l.code(id)
	}
	return t.number(codes)
}

package stops

import "math"

// maxDense is how many combinations of values are numbered by an array; more
// are numbered by a map.
const maxDense = 1 << 20

// maxKeys is how many keys there are to group by.
const maxKeys = 16

// tally sums records by the values of keys.
type tally struct {
	words    *words
	sieves   []*sieve
	lexicons []*lexicon
	// answered and lossy are by the ids of peers and reasons.
	answered, lossy []bool
	buckets         Buckets
	measure         Measure
	// stop is what the measure looks at.
	stop Stop

	// dense or sparse lead from codes to sums.
	dense  []int32
	sparse map[[maxKeys]uint32]int32
	sums   []sum
}

// sum is a group in the making.
type sum struct {
	codes             [maxKeys]uint32
	count, lost, last int64
	series            []int64
}

func (s Snapshot) tally(selection Selection, keys []Key, buckets Buckets, measure Measure) *tally {
	w := &s.words
	t := &tally{words: w, sieves: w.sieves(selection.Where, selection.Classifier), buckets: buckets, measure: measure}
	combinations := 1
	for _, key := range keys {
		l := w.lexicon(key, selection.Classifier)
		t.lexicons = append(t.lexicons, l)
		combinations = min(combinations, maxDense) * len(l.values)
	}
	if combinations <= maxDense {
		t.dense = make([]int32, combinations)
	} else {
		t.sparse = map[[maxKeys]uint32]int32{}
	}
	names := s.answeredNames()
	for i := range w.peers {
		t.answered = append(t.answered, names[w.peers[i].Server])
	}
	for _, text := range w.reasons {
		t.lossy = append(t.lossy, selection.Classifier.Reason(text).PendingIsLoss)
	}
	return t
}

// see makes sure that the groups of the records exist, where their servers answered.
func (t *tally) see(s span) {
	for i := s.from; i < s.to; i++ {
		if t.answered[s.ids[columnPeer][i]] && admits(t.sieves, s.chunk, i) {
			t.group(s.chunk, i)
		}
	}
}

// count adds the records of a server to their groups.
func (t *tally) count(s span, serverID string) {
	for i := s.from; i < s.to; i++ {
		if !admits(t.sieves, s.chunk, i) {
			continue
		}
		group := &t.sums[t.group(s.chunk, i)]
		group.count++
		group.last = max(group.last, s.at[i])
		if t.lossy[s.ids[columnReason][i]] {
			group.lost += s.pending[i]
		}
		if bucket := t.buckets.index(s.at[i]); bucket >= 0 {
			if group.series == nil {
				group.series = make([]int64, t.buckets.Count)
			}
			group.series[bucket] += t.weight(s, i, serverID)
		}
	}
}

// weight is what a record adds to a series.
func (t *tally) weight(s span, index int, serverID string) int64 {
	if t.measure == nil {
		return 1
	}
	t.words.unpack(s.record(index), serverID, &t.stop)
	return t.measure(&t.stop)
}

// groups are what was counted, in the order in which it was met.
func (t *tally) groups(keys []Key) *groups {
	found := newGroups(keys)
	for i := range t.sums {
		sum := &t.sums[i]
		group := &Group{Count: sum.count, Sums: map[string]int64{}, Series: sum.series, Labels: make([]Label, len(keys))}
		for k, l := range t.lexicons {
			group.Labels[k] = Label{Key: l.key, Value: l.values[sum.codes[k]]}
		}
		if sum.count > 0 {
			group.Sums[BytesLostMin], group.Last = sum.lost, moment(sum.last)
		}
		found.order = append(found.order, group)
	}
	return found
}

// group finds the group of a record, or makes it.
func (t *tally) group(c *chunk, index int) int32 {
	if t.dense == nil {
		return t.sparseGroup(c, index)
	}
	place := 0
	for _, l := range t.lexicons {
		place = place*len(l.values) + int(l.code(c.ids[l.column][index]))
	}
	if t.dense[place] == 0 {
		t.dense[place] = t.begin(t.codes(c, index))
	}
	return t.dense[place] - 1
}

func (t *tally) sparseGroup(c *chunk, index int) int32 {
	codes := t.codes(c, index)
	number := t.sparse[codes]
	if number == 0 {
		number = t.begin(codes)
		t.sparse[codes] = number
	}
	return number - 1
}

func (t *tally) codes(c *chunk, index int) (codes [maxKeys]uint32) {
	for i, l := range t.lexicons {
		codes[i] = l.code(c.ids[l.column][index])
	}
	return codes
}

// begin starts a group and returns its number, counted from 1.
func (t *tally) begin(codes [maxKeys]uint32) int32 {
	t.sums = append(t.sums, sum{codes: codes, last: math.MinInt64})
	return int32(len(t.sums))
}

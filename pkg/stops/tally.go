package stops

import (
	"math"
	"slices"
)

// maxDense is how many combinations of values are numbered by an array; more
// are numbered by a map.
const maxDense = 1 << 20

// maxKeys is how many keys there are to group by.
const maxKeys = 16

// tally sums records by the values of keys.
type tally struct {
	words    *words
	lexicons []*lexicon
	// sieves admit what is counted, seen what makes a group at least.
	sieves, seen []*sieve
	// lossy is by the ids of reasons.
	lossy   []bool
	buckets Buckets
	measure Measure
	// stop is what the measure looks at.
	stop Stop

	// dense or sparse lead from codes to sums.
	dense  []uint32
	sparse map[[maxKeys]uint32]uint32
	sums   []sum
	// coarse: digests know all that is asked of records.
	coarse bool
	// admitted are the records of the chunk at hand, numbers those of their groups.
	admitted, numbers []uint32
}

// sum is a group in the making.
type sum struct {
	codes             [maxKeys]uint32
	count, lost, last int64
	series            []int64
}

func (s Snapshot) tally(selection Selection, keys []Key, buckets Buckets, measure Measure) *tally {
	w := &s.words
	t := &tally{
		words: w, buckets: buckets, measure: measure,
		admitted: make([]uint32, chunkSize), numbers: make([]uint32, chunkSize),
	}
	t.sieves = w.sieves(selection.Where, selection.Classifier)
	t.seen = append(slices.Clone(t.sieves), w.answering(s.answeredNames()))
	combinations := 1
	for _, key := range keys {
		l := w.lexicon(key, selection.Classifier)
		t.lexicons = append(t.lexicons, l)
		combinations = min(combinations, maxDense) * len(l.values)
	}
	if combinations <= maxDense {
		t.dense = make([]uint32, combinations)
	} else {
		t.sparse = map[[maxKeys]uint32]uint32{}
	}
	t.coarse = t.digestible()
	for _, text := range w.reasons {
		t.lossy = append(t.lossy, selection.Classifier.Reason(text).PendingIsLoss)
	}
	return t
}

// see makes sure that the groups of the records exist, where their servers answered.
func (t *tally) see(s span) {
	if t.coarse && s.digest != nil {
		t.seeDigest(s.digest)
		return
	}
	t.locate(s, t.seen)
}

// count adds the records of a server to their groups.
func (t *tally) count(s span, serverID string) {
	if t.coarse && s.digest != nil {
		if bucket, ok := t.bucketOf(s); ok {
			t.addDigest(s.digest, bucket)
			return
		}
	}
	t.locate(s, t.sieves)
	numbers := t.numbers[:len(t.admitted)]
	// Local names spare reading them again after each write.
	sums, lossy, reasons, at := t.sums, t.lossy, &s.ids[columnReason], &s.at
	for k, i := range t.admitted {
		i %= chunkSize
		group := &sums[numbers[k]]
		group.count++
		group.last = max(group.last, at[i])
		if lossy[reasons[i]] {
			group.lost += s.pending[i]
		}
	}
	if t.buckets.Count > 0 {
		t.extend(s, serverID)
	}
}

// extend adds the records that were just counted to their groups' series. They
// are in the order of their time, so most share the bucket of the one before.
func (t *tally) extend(s span, serverID string) {
	bucket, end := -1, int64(math.MinInt64)
	for k, i := range t.admitted {
		if at := s.at[i%chunkSize]; at >= end {
			bucket, end = t.buckets.find(at)
		}
		if bucket < 0 {
			continue
		}
		series := t.seriesOf(&t.sums[t.numbers[k]])
		if t.measure == nil {
			series[bucket]++
			continue
		}
		t.words.stop(s.record(int(i)), serverID, &t.stop)
		series[bucket] += t.measure(&t.stop)
	}
}

func (t *tally) seriesOf(group *sum) []int64 {
	if group.series == nil {
		group.series = make([]int64, t.buckets.Count)
	}
	return group.series
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

// locate finds the records that the sieves admit, and the number of each one's
// group. It goes column by column, which is several times faster than record
// by record.
func (t *tally) locate(s span, sieves []*sieve) {
	t.admitted = sift(t.admitted[:chunkSize], s, sieves)
	t.numbers = t.numbers[:len(t.admitted)]
	if t.dense == nil {
		t.locateSparse(s.chunk)
		return
	}
	clear(t.numbers)
	numbers := t.numbers[:len(t.admitted)]
	for _, l := range t.lexicons {
		ids, codes, values := &s.ids[l.column], l.codes, uint32(len(l.values))
		if codes == nil {
			for k, i := range t.admitted {
				numbers[k] = numbers[k]*values + ids[i%chunkSize]
			}
			continue
		}
		for k, i := range t.admitted {
			numbers[k] = numbers[k]*values + codes[ids[i%chunkSize]]
		}
	}
	dense := t.dense
	for k, place := range numbers {
		number := dense[place]
		if number == 0 {
			number = t.begin(t.codes(s.chunk, t.admitted[k]))
			dense[place] = number
		}
		numbers[k] = number - 1
	}
}

func (t *tally) locateSparse(c *chunk) {
	for k, i := range t.admitted {
		t.numbers[k] = t.number(t.codes(c, i))
	}
}

// number is that of the group with these codes, which begins with its first record.
func (t *tally) number(codes [maxKeys]uint32) uint32 {
	if t.dense == nil {
		if t.sparse[codes] == 0 {
			t.sparse[codes] = t.begin(codes)
		}
		return t.sparse[codes] - 1
	}
	place := 0
	for i, l := range t.lexicons {
		place = place*len(l.values) + int(codes[i])
	}
	if t.dense[place] == 0 {
		t.dense[place] = t.begin(codes)
	}
	return t.dense[place] - 1
}

func (t *tally) codes(c *chunk, index uint32) (codes [maxKeys]uint32) {
	for i, l := range t.lexicons {
		codes[i] = l.code(c.ids[l.column][index])
	}
	return codes
}

// begin starts a group and returns its number, counted from 1.
func (t *tally) begin(codes [maxKeys]uint32) uint32 {
	t.sums = append(t.sums, sum{codes: codes, last: math.MinInt64})
	return uint32(len(t.sums))
}

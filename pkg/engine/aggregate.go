package engine

import (
	"math"
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// maxDense is how many combinations of values are numbered by an array; more
// are numbered by a map.
const maxDense = 1 << 20

const maxKeys = fields.KeyCount

// Groups sums the selected stops by the keys. Every group that any kept stop
// of an answering server has is there, at zero if need be, and so is every
// group that a condition names (decision D1).
func Groups(s ledger.Snapshot, selection Selection, keys []fields.Key) []Group {
	_, found := sumUp(s, selection, keys, fields.StopMeasures)
	return found
}

func sumUp(s ledger.Snapshot, selection Selection, keys []fields.Key, measures []*fields.Measure) (*aggregate, []Group) {
	selection.Where = byPlace(selection.Where, s)
	t := newAggregate(s, selection, keys, measures)
	for _, kept := range s.Kept {
		from, to := within(&kept, selection.Range)
		for part := range kept.Table.Spans(0, from) {
			t.see(part)
		}
		for part := range kept.Table.Spans(from, to) {
			t.count(part, kept.ServerID)
		}
		for part := range kept.Table.Spans(to, kept.Table.Len()) {
			t.see(part)
		}
	}
	found := t.groups(keys)
	found.join(selection.Further)
	found.name(onlyAnswering(selection.Where, s))
	return t, found.all()
}

// aggregate sums records by the values of keys.
type aggregate struct {
	symbols      *store.Symbols
	dictionaries []*dictionary
	// scans admit what is counted, seen what makes a group at least.
	scans, seen []*scan
	// lossy is by the ids of reasons.
	lossy []bool
	// whole are the measures that take a look at whole records, totals are theirs by group.
	whole      []*fields.Measure
	totals     [][]int64
	classifier *reason.Classifier

	// dense or sparse lead from codes to sums.
	dense  []uint32
	sparse map[[maxKeys]uint32]uint32
	sums   []sum
	// coarse: summaries know all that is asked of records.
	coarse bool
	// admitted are the records of the block at hand, numbers those of their groups.
	admitted, numbers []uint32
}

// sum is a group in the making.
type sum struct {
	codes             [maxKeys]uint32
	count, lost, last int64
}

func newAggregate(s ledger.Snapshot, selection Selection, keys []fields.Key, measures []*fields.Measure) *aggregate {
	w := &s.Symbols
	t := &aggregate{
		symbols: w, classifier: selection.Classifier,
		admitted: make([]uint32, store.BlockSize), numbers: make([]uint32, store.BlockSize),
	}
	t.scans = scansOf(w, selection.Where, selection.Classifier)
	t.seen = append(slices.Clone(t.scans), answering(w, answeredLabels(s)))
	combinations := 1
	for _, key := range keys {
		l := dictionaryOf(w, key, selection.Classifier)
		t.dictionaries = append(t.dictionaries, l)
		// Beyond the bound the exact product does not matter, and would overflow.
		if combinations <= maxDense {
			combinations *= len(l.values)
		}
	}
	if combinations <= maxDense {
		t.dense = make([]uint32, combinations)
	} else {
		t.sparse = map[[maxKeys]uint32]uint32{}
	}
	for _, measure := range measures {
		if !measure.Counts && measure.Name != fields.BytesLostMin {
			t.whole = append(t.whole, measure)
		}
	}
	t.totals = make([][]int64, len(t.whole))
	t.coarse = t.summarisable()
	for _, text := range w.Reasons {
		t.lossy = append(t.lossy, selection.Classifier.Reason(text).PendingIsLoss)
	}
	return t
}

// see makes sure that the groups of the records exist, where their servers answered.
func (t *aggregate) see(s store.Span) {
	if t.coarse && s.Summary != nil {
		t.seeSummary(s.Summary)
		return
	}
	t.locate(s, t.seen)
}

// count adds the records of a server to their groups.
func (t *aggregate) count(s store.Span, serverID string) {
	if t.coarse && s.Summary != nil && len(t.whole) == 0 {
		t.addSummary(s.Summary)
		return
	}
	t.locate(s, t.scans)
	numbers := t.numbers[:len(t.admitted)]
	// Local names spare reading them again after each write.
	sums, lossy, reasons, at := t.sums, t.lossy, &s.IDs[store.ColumnReason], &s.At
	for k, i := range t.admitted {
		i %= store.BlockSize
		group := &sums[numbers[k]]
		group.count++
		group.last = max(group.last, at[i])
		if lossy[reasons[i]] {
			group.lost += s.Pending[i]
		}
	}
	t.countWhole(s, serverID)
}

// countWhole adds what columns do not tell of the admitted records.
func (t *aggregate) countWhole(s store.Span, serverID string) {
	if len(t.whole) == 0 {
		return
	}
	var stop model.Stop
	for m := range t.totals {
		t.totals[m] = append(t.totals[m], make([]int64, len(t.sums)-len(t.totals[m]))...)
	}
	for k, i := range t.admitted {
		t.symbols.Stop(s.Row(int(i)), serverID, &stop)
		for m, measure := range t.whole {
			t.totals[m][t.numbers[k]] += measure.Stop(&stop, t.classifier)
		}
	}
}

// groups are what was counted, in the order in which it was met.
func (t *aggregate) groups(keys []fields.Key) *groups {
	found := newGroups(keys)
	for i := range t.sums {
		sum := &t.sums[i]
		group := &Group{Count: sum.count, Sums: map[string]int64{}, Labels: make([]Label, len(keys)), place: i}
		for k, l := range t.dictionaries {
			group.Labels[k] = Label{Key: l.key, Value: l.values[sum.codes[k]]}
		}
		if sum.count > 0 {
			group.Sums[fields.BytesLostMin], group.Last = sum.lost, model.Moment(sum.last)
			for m, measure := range t.whole {
				group.Sums[measure.Name] = t.totals[m][i]
			}
		}
		found.order = append(found.order, group)
	}
	return found
}

// locate finds the records that the scans admit, and the number of each one's
// group. It goes column by column, which is several times faster than record
// by record.
func (t *aggregate) locate(s store.Span, scans []*scan) {
	t.admitted = sift(t.admitted[:store.BlockSize], s, scans)
	t.numbers = t.numbers[:len(t.admitted)]
	if t.dense == nil {
		for k, i := range t.admitted {
			t.numbers[k] = t.number(t.codes(s.Block, i))
		}
		return
	}
	clear(t.numbers)
	numbers := t.numbers[:len(t.admitted)]
	for _, l := range t.dictionaries {
		ids, codes, values := &s.IDs[l.column], l.codes, uint32(len(l.values))
		if codes == nil {
			for k, i := range t.admitted {
				numbers[k] = numbers[k]*values + ids[i%store.BlockSize]
			}
			continue
		}
		for k, i := range t.admitted {
			numbers[k] = numbers[k]*values + codes[ids[i%store.BlockSize]]
		}
	}
	dense := t.dense
	for k, place := range numbers {
		number := dense[place]
		if number == 0 {
			number = t.begin(t.codes(s.Block, t.admitted[k]))
			dense[place] = number
		}
		numbers[k] = number - 1
	}
}

// number is that of the group with these codes, which begins with its first record.
func (t *aggregate) number(codes [maxKeys]uint32) uint32 {
	if t.dense == nil {
		if t.sparse[codes] == 0 {
			t.sparse[codes] = t.begin(codes)
		}
		return t.sparse[codes] - 1
	}
	place := 0
	for i, l := range t.dictionaries {
		place = place*len(l.values) + int(codes[i])
	}
	if t.dense[place] == 0 {
		t.dense[place] = t.begin(codes)
	}
	return t.dense[place] - 1
}

func (t *aggregate) codes(c *store.Block, index uint32) (codes [maxKeys]uint32) {
	for i, l := range t.dictionaries {
		codes[i] = l.code(c.IDs[l.column][index])
	}
	return codes
}

// begin starts a group and returns its number, counted from 1.
func (t *aggregate) begin(codes [maxKeys]uint32) uint32 {
	t.sums = append(t.sums, sum{codes: codes, last: math.MinInt64})
	return uint32(len(t.sums))
}

// summarisable reports whether a summary knows all that the aggregate asks of records.
func (t *aggregate) summarisable() bool {
	var none store.SummaryRow
	for _, l := range t.dictionaries {
		if _, ok := none.ID(l.column); !ok {
			return false
		}
	}
	for _, s := range t.scans {
		if _, ok := none.ID(s.column); !ok {
			return false
		}
	}
	return true
}

// addSummary adds a block's records to their groups.
func (t *aggregate) addSummary(d store.Summary) {
	for i := range d {
		k := &d[i]
		if !passes(k, t.scans) {
			continue
		}
		group := &t.sums[t.numberOf(k)]
		group.count += int64(k.Count)
		group.last = max(group.last, k.Last)
		if t.lossy[k.Reason] {
			group.lost += k.Pending
		}
	}
}

// seeSummary makes sure that the groups of a block's records exist.
func (t *aggregate) seeSummary(d store.Summary) {
	for i := range d {
		if passes(&d[i], t.seen) {
			t.numberOf(&d[i])
		}
	}
}

// numberOf is the number of the row's group.
func (t *aggregate) numberOf(k *store.SummaryRow) uint32 {
	var codes [maxKeys]uint32
	for i, l := range t.dictionaries {
		id, _ := k.ID(l.column)
		codes[i] = l.code(id)
	}
	return t.number(codes)
}

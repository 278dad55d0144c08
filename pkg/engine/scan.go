package engine

import (
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// Selection is what to look for among the stops of a snapshot.
type Selection struct {
	Range      model.TimeRange
	Where      []fields.Condition
	Classifier *reason.Classifier
	// Further are groups of what the snapshot does not have, by the same keys, each
	// once; those of a series have their own, by the same buckets.
	Further []Group
}

// within finds the records of a range.
func within(k *ledger.Kept, r model.TimeRange) (from, to int) {
	from = k.Table.Search(model.Nanos(r.From))
	return from, max(from, k.Table.Search(model.Nanos(r.To)))
}

// scan decides which records the conditions on one column admit.
type scan struct {
	column   store.Column
	verdicts []verdict // by id
	decide   []decision
}

type verdict uint8

// Of the verdicts, only admitted has the lowest bit.
const (
	undecided verdict = iota
	admitted
	refused
)

type decision struct {
	*dictionary
	match fields.Match
}

// scansOf has one for each column that the conditions are about.
func scansOf(w *store.Symbols, where []fields.Condition, classifier *reason.Classifier) []*scan {
	var byColumn [store.ColumnCount]*scan
	var all []*scan
	for _, condition := range where {
		l := dictionaryOf(w, condition.Key, classifier)
		s := byColumn[l.column]
		if s == nil {
			s = &scan{column: l.column, verdicts: make([]verdict, w.Count(l.column))}
			byColumn[l.column], all = s, append(all, s)
		}
		s.decide = append(s.decide, decision{l, condition.Match})
	}
	return all
}

func (s *scan) admits(id uint32) bool {
	if s.verdicts[id] == undecided {
		s.judge(id)
	}
	return s.verdicts[id] == admitted
}

// judge looks at a value for the first time.
func (s *scan) judge(id uint32) verdict {
	s.verdicts[id] = admitted
	for _, d := range s.decide {
		if !d.match(d.value(id)) {
			s.verdicts[id] = refused
		}
	}
	return s.verdicts[id]
}

// sift returns the indexes of the records that all scans admit, in the given
// space for a whole block's.
func sift(into []uint32, s store.Span, sieves []*scan) []uint32 {
	into = into[:s.To-s.From]
	for k := range into {
		into[k] = uint32(s.From + k)
	}
	for _, sieve := range sieves {
		ids, verdicts, kept := &s.IDs[sieve.column], sieve.verdicts, 0
		for _, i := range into {
			id := ids[i%store.BlockSize]
			verdict := verdicts[id]
			if verdict == undecided {
				verdict = sieve.judge(id)
			}
			// No branch on the verdict: it would be guessed wrong too often.
			into[kept] = i
			kept += int(verdict & admitted)
		}
		into = into[:kept]
	}
	return into
}

// passes reports whether all scans admit the records of a summary's row.
func passes(k *store.SummaryRow, scans []*scan) bool {
	for _, s := range scans {
		if id, _ := k.ID(s.column); !s.admits(id) {
			return false
		}
	}
	return true
}

// dictionary tells what one key's value is for each id of a column, by codes:
// small numbers that are the same exactly when the values are.
type dictionary struct {
	key    fields.Key
	column store.Column
	// codes are by id; nil when ids are codes themselves.
	codes  []uint32
	values []string
}

func (l *dictionary) code(id uint32) uint32 {
	if l.codes == nil {
		return id
	}
	return l.codes[id]
}

func (l *dictionary) value(id uint32) string { return l.values[l.code(id)] }

// dictionaryOf of a key; the classifier decides what reasons mean here.
func dictionaryOf(w *store.Symbols, key fields.Key, classifier *reason.Classifier) *dictionary {
	d := fields.Of(key)
	v := d.Values(w, classifier)
	return &dictionary{key, d.Column, v.Codes, v.Values}
}

package decode

import (
	"cmp"
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Flaws are what could not be read of an answer: the names of the members, by
// the cid of their record. What is not about a record, or about one without a
// cid, is under 0.
type Flaws map[uint64][]string

// Record is the flaw of a record that cannot be read at all.
const Record = ""

// Add notes what could not be read.
func (f *Flaws) Add(cid uint64, names ...string) {
	if len(names) == 0 {
		return
	}
	if *f == nil {
		*f = Flaws{}
	}
	(*f)[cid] = append((*f)[cid], names...)
}

// Learn takes the flaws of another page: a record may be on several.
func (f *Flaws) Learn(page Flaws) {
	if len(page) > 0 && *f == nil {
		*f = Flaws{}
	}
	for cid, names := range page {
		if cid != 0 || len(names) > len((*f)[0]) {
			(*f)[cid] = names
		}
	}
}

// Counts are how often each member could not be read, sorted by name.
func (f Flaws) Counts() []model.Flaw {
	counts := map[string]int{}
	for _, names := range f {
		for _, name := range names {
			counts[name]++
		}
	}
	var all []model.Flaw
	for name, count := range counts {
		all = append(all, model.Flaw{Field: name, Count: count})
	}
	slices.SortFunc(all, func(a, b model.Flaw) int { return cmp.Compare(a.Field, b.Field) })
	return all
}

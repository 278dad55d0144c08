package engine

import "github.com/natsops/nats-connections-datasource/pkg/store"

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

func passes(k *store.SummaryRow, scans []*scan) bool {
	for _, s := range scans {
		if id, _ := k.ID(s.column); !s.admits(id) {
			return false
		}
	}
	return true
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

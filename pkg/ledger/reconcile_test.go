package ledger

import (
	"testing"
	"time"
)

// TestReconcile is the specification of completeness: each case is what several
// reads of one process show, and what is believed in the end.
func TestReconcile(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	// ahead is between the reads, which are five seconds apart.
	ahead := noon.Add(5*time.Second + 1)
	for what, c := range map[string]struct {
		reads []observation
		// evicted and lost are what is told; open is what may still be told.
		evicted, lost, open int64
		gaps                int
	}{
		"met with all it ever closed":           {reads: []observation{{first: true}}},
		"met when its ring had dropped some":    {reads: []observation{{first: true, missing: 7}}, evicted: 7},
		"met while a record was being written":  {reads: []observation{{first: true, missing: 1}, {joins: true}}},
		"met while busy, with a ring that grew": {reads: []observation{{first: true, missing: 3}, {joins: true, grew: true, missing: 2}}},
		"doubted: the lowest of a few reads": {
			reads:   []observation{{first: true, missing: 9}, {joins: true, missing: 8}, {joins: true, missing: 9}},
			evicted: 8},
		"no longer doubted, what came down is what lags": {
			reads:   []observation{{first: true, missing: 9}, {joins: true, quiet: true, missing: 9}, {joins: true, missing: 5}},
			evicted: 9},
		"in the place of another, nothing missing": {reads: []observation{{first: true, successor: true}}},
		"in the place of another, some missing": {
			reads: []observation{{first: true, successor: true, missing: 4}, {joins: true, missing: 4}}, lost: 4, gaps: 1},
		"in the place of another, its ring grew": {
			reads: []observation{{first: true, successor: true, missing: 4}, {joins: true, grew: true, missing: 1}}},
		"overflow, not told yet":                    {reads: []observation{{first: true}, {missing: 15}}, open: 15},
		"overflow, two reads agree":                 {reads: []observation{{first: true}, {missing: 15}, {joins: true, missing: 15}}, lost: 15, gaps: 1},
		"overflow, more than at first":              {reads: []observation{{first: true}, {missing: 15}, {joins: true, missing: 18}}, lost: 15, gaps: 1},
		"overflow, less and then all quiet":         {reads: []observation{{first: true}, {missing: 15}, {joins: true, quiet: true, missing: 13}}, lost: 13, gaps: 1},
		"overflow, less while busy":                 {reads: []observation{{first: true}, {missing: 15}, {joins: true, missing: 13}}, open: 13},
		"overflow, less and then agreed":            {reads: []observation{{first: true}, {missing: 15}, {joins: true, missing: 13}, {joins: true, missing: 14}}, lost: 13, gaps: 1},
		"overflow that was none":                    {reads: []observation{{first: true}, {missing: 2}, {joins: true}}},
		"met empty, then busy":                      {reads: []observation{{first: true}, {grew: true, missing: 5}}, open: 5},
		"met empty, then busy, then growing":        {reads: []observation{{first: true}, {grew: true, missing: 5}, {joins: true, grew: true, missing: 4}}},
		"overflow after overflow":                   {reads: []observation{{first: true}, {missing: 5}, {missing: 8}}, lost: 5, open: 3, gaps: 1},
		"overflow after what was thought to be one": {reads: []observation{{first: true}, {missing: 5}, {missing: 4}}, lost: 4, gaps: 1},
		"overflow after eviction":                   {reads: []observation{{first: true, missing: 7}, {missing: 12}, {joins: true, missing: 12}}, evicted: 7, lost: 5, gaps: 1},
		"turned over during a read, found and agreed": {
			reads: []observation{{first: true}, {missing: 5, ahead: ahead}, {joins: true, missing: 6}, {joins: true, missing: 6}}, lost: 6, gaps: 1},
		"turned over during a read, not agreed yet": {
			reads: []observation{{first: true}, {ahead: ahead}, {joins: true, missing: 1}}, open: 1},
		"turned over during a read, what came was being written": {
			reads: []observation{{first: true}, {ahead: ahead}, {joins: true, missing: 1}, {joins: true}}},
		"turned over during a read, nothing missing": {reads: []observation{{first: true}, {ahead: ahead}, {joins: true}}},
		"turned over, and all were seen":             {reads: []observation{{first: true}, {missing: 0}}},
		"turned over, with leafnodes":                {reads: []observation{{first: true}, {leaves: true}}, open: 0},
		"turned over, with leafnodes, told":          {reads: []observation{{first: true}, {leaves: true}, {joins: true}}, gaps: 1},
		"turned over, with leafnodes, grew":          {reads: []observation{{first: true}, {leaves: true}, {joins: true, grew: true}}},
	} {
		t.Run(what, func(t *testing.T) {
			var b books
			for i, o := range c.reads {
				o.now = noon.Add(time.Duration(i) * 5 * time.Second)
				o.span = Gap{From: o.now.Add(-5 * time.Second), To: o.now}
				b = reconcile(b, o)
			}
			var lost, open int64
			for _, gap := range b.gaps {
				lost += gap.Lost
			}
			if b.open != nil {
				open = b.open.Lost
			}
			if b.evicted != c.evicted || lost != c.lost || open != c.open || len(b.gaps) != c.gaps {
				t.Errorf("evicted %d, lost %d in %d gaps, open %d; want %d, %d in %d, %d",
					b.evicted, lost, len(b.gaps), open, c.evicted, c.lost, c.gaps, c.open)
			}
		})
	}
}

// TestReconcileWaitsForRecords: two reads within a moment agree on nothing.
func TestReconcileWaitsForRecords(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	b := reconcile(books{}, observation{first: true, now: now})
	b = reconcile(b, observation{missing: 1, now: now})
	b = reconcile(b, observation{joins: true, quiet: true, missing: 1, now: now.Add(writing / 2)})
	if len(b.gaps) != 0 || b.open == nil {
		t.Fatalf("settled at once: %+v", b)
	}
	if b = reconcile(b, observation{joins: true, quiet: true, missing: 1, now: now.Add(writing)}); len(b.gaps) != 1 {
		t.Fatalf("never settled: %+v", b)
	}
}

// TestRecordsThatComeTakeTheirGapBack: settled or not, by what they are.
func TestRecordsThatComeTakeTheirGapBack(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	within, after := noon.Add(time.Second), noon.Add(time.Minute)
	gap := Gap{From: noon, To: noon.Add(10 * time.Second), Lost: 2}
	for what, before := range map[string]books{
		"settled": {gaps: []settled{{Gap: gap}}},
		"open":    {open: &provisional{Gap: gap}},
	} {
		one := before.found([]time.Time{within, after}, noon, false)
		if left := one.gaps; len(left) == 1 && left[0].Lost != 1 || one.open != nil && one.open.Lost != 1 {
			t.Errorf("%s: one came, and %+v is left", what, one)
		}
		if both := before.found([]time.Time{within, after}, noon, true); len(both.gaps) != 0 || both.open != nil {
			t.Errorf("%s: both came with an overtaken read, and %+v is left", what, both)
		}
		if all := one.found([]time.Time{within}, noon, false); len(all.gaps) != 0 || all.open != nil {
			t.Errorf("%s: both came, and %+v is left", what, all)
		}
		if len(before.gaps) == 1 && before.gaps[0].Lost != 2 || before.open != nil && before.open.Lost != 2 {
			t.Errorf("%s: what was believed before was changed", what)
		}
	}
	if b := (books{evicted: 3}).found([]time.Time{noon.Add(-time.Second), within}, noon, false); b.evicted != 2 {
		t.Errorf("one of three came that had left the ring before: %d", b.evicted)
	}
}

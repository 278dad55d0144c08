package books

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
		reads []Observation
		// evicted and lost are what is told; open is what may still be told.
		evicted, lost, open int64
		gaps                int
	}{
		"met with all it ever closed":           {reads: []Observation{{First: true}}},
		"met when its ring had dropped some":    {reads: []Observation{{First: true, Missing: 7}}, evicted: 7},
		"met while a record was being written":  {reads: []Observation{{First: true, Missing: 1}, {Joins: true}}},
		"met while busy, with a ring that grew": {reads: []Observation{{First: true, Missing: 3}, {Joins: true, Grew: true, Missing: 2}}},
		"doubted: the lowest of a few reads": {
			reads:   []Observation{{First: true, Missing: 9}, {Joins: true, Missing: 8}, {Joins: true, Missing: 9}},
			evicted: 8},
		"no longer doubted, what came down is what lags": {
			reads:   []Observation{{First: true, Missing: 9}, {Joins: true, Quiet: true, Missing: 9}, {Joins: true, Missing: 5}},
			evicted: 9},
		"in the place of another, nothing missing": {reads: []Observation{{First: true, Successor: true}}},
		"in the place of another, some missing": {
			reads: []Observation{{First: true, Successor: true, Missing: 4}, {Joins: true, Missing: 4}}, lost: 4, gaps: 1},
		"in the place of another, its ring grew": {
			reads: []Observation{{First: true, Successor: true, Missing: 4}, {Joins: true, Grew: true, Missing: 1}}},
		"overflow, not told yet":                    {reads: []Observation{{First: true}, {Missing: 15}}, open: 15},
		"overflow, two reads agree":                 {reads: []Observation{{First: true}, {Missing: 15}, {Joins: true, Missing: 15}}, lost: 15, gaps: 1},
		"overflow, more than at first":              {reads: []Observation{{First: true}, {Missing: 15}, {Joins: true, Missing: 18}}, lost: 15, gaps: 1},
		"overflow, less and then all quiet":         {reads: []Observation{{First: true}, {Missing: 15}, {Joins: true, Quiet: true, Missing: 13}}, lost: 13, gaps: 1},
		"overflow, less while busy":                 {reads: []Observation{{First: true}, {Missing: 15}, {Joins: true, Missing: 13}}, open: 13},
		"overflow, less and then agreed":            {reads: []Observation{{First: true}, {Missing: 15}, {Joins: true, Missing: 13}, {Joins: true, Missing: 14}}, lost: 13, gaps: 1},
		"overflow that was none":                    {reads: []Observation{{First: true}, {Missing: 2}, {Joins: true}}},
		"met empty, then busy":                      {reads: []Observation{{First: true}, {Grew: true, Missing: 5}}, open: 5},
		"met empty, then busy, then growing":        {reads: []Observation{{First: true}, {Grew: true, Missing: 5}, {Joins: true, Grew: true, Missing: 4}}},
		"overflow after overflow":                   {reads: []Observation{{First: true}, {Missing: 5}, {Missing: 8}}, lost: 5, open: 3, gaps: 1},
		"overflow after what was thought to be one": {reads: []Observation{{First: true}, {Missing: 5}, {Missing: 4}}, lost: 4, gaps: 1},
		"overflow after eviction":                   {reads: []Observation{{First: true, Missing: 7}, {Missing: 12}, {Joins: true, Missing: 12}}, evicted: 7, lost: 5, gaps: 1},
		"turned over during a read, found and agreed": {
			reads: []Observation{{First: true}, {Missing: 5, Ahead: ahead}, {Joins: true, Missing: 6}, {Joins: true, Missing: 6}}, lost: 6, gaps: 1},
		"turned over during a read, not agreed yet": {
			reads: []Observation{{First: true}, {Ahead: ahead}, {Joins: true, Missing: 1}}, open: 1},
		"turned over during a read, what came was being written": {
			reads: []Observation{{First: true}, {Ahead: ahead}, {Joins: true, Missing: 1}, {Joins: true}}},
		"turned over during a read, nothing missing": {reads: []Observation{{First: true}, {Ahead: ahead}, {Joins: true}}},
		"turned over, and all were seen":             {reads: []Observation{{First: true}, {Missing: 0}}},
		"turned over, with leafnodes":                {reads: []Observation{{First: true}, {Leaves: true}}, open: 0},
		"turned over, with leafnodes, told":          {reads: []Observation{{First: true}, {Leaves: true}, {Joins: true}}, gaps: 1},
		"turned over, with leafnodes, grew":          {reads: []Observation{{First: true}, {Leaves: true}, {Joins: true, Grew: true}}},
	} {
		t.Run(what, func(t *testing.T) {
			var b Books
			for i, o := range c.reads {
				o.Now = noon.Add(time.Duration(i) * 5 * time.Second)
				o.Span = Gap{From: o.Now.Add(-5 * time.Second), To: o.Now}
				b = Reconcile(b, o)
			}
			var lost, open int64
			for _, gap := range b.Gaps {
				lost += gap.Lost
			}
			if b.Open != nil {
				open = b.Open.Lost
			}
			if b.Evicted != c.evicted || lost != c.lost || open != c.open || len(b.Gaps) != c.gaps {
				t.Errorf("evicted %d, lost %d in %d gaps, open %d; want %d, %d in %d, %d",
					b.Evicted, lost, len(b.Gaps), open, c.evicted, c.lost, c.gaps, c.open)
			}
		})
	}
}

// TestReconcileWaitsForRecords: two reads within a moment agree on nothing.
func TestReconcileWaitsForRecords(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	b := Reconcile(Books{}, Observation{First: true, Now: now})
	b = Reconcile(b, Observation{Missing: 1, Now: now})
	b = Reconcile(b, Observation{Joins: true, Quiet: true, Missing: 1, Now: now.Add(writing / 2)})
	if len(b.Gaps) != 0 || b.Open == nil {
		t.Fatalf("settled at once: %+v", b)
	}
	if b = Reconcile(b, Observation{Joins: true, Quiet: true, Missing: 1, Now: now.Add(writing)}); len(b.Gaps) != 1 {
		t.Fatalf("never settled: %+v", b)
	}
}

// TestRecordsThatComeTakeTheirGapBack: settled or not, by what they are.
func TestRecordsThatComeTakeTheirGapBack(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	within, after := noon.Add(time.Second), noon.Add(time.Minute)
	gap := Gap{From: noon, To: noon.Add(10 * time.Second), Lost: 2}
	for what, before := range map[string]Books{
		"settled": {Gaps: []Settled{{Gap: gap}}},
		"open":    {Open: &Unsettled{Gap: gap}},
	} {
		one := before.Found([]time.Time{within, after}, noon, false)
		if left := one.Gaps; len(left) == 1 && left[0].Lost != 1 || one.Open != nil && one.Open.Lost != 1 {
			t.Errorf("%s: one came, and %+v is left", what, one)
		}
		if both := before.Found([]time.Time{within, after}, noon, true); len(both.Gaps) != 0 || both.Open != nil {
			t.Errorf("%s: both came with an overtaken read, and %+v is left", what, both)
		}
		if all := one.Found([]time.Time{within}, noon, false); len(all.Gaps) != 0 || all.Open != nil {
			t.Errorf("%s: both came, and %+v is left", what, all)
		}
		if len(before.Gaps) == 1 && before.Gaps[0].Lost != 2 || before.Open != nil && before.Open.Lost != 2 {
			t.Errorf("%s: what was believed before was changed", what)
		}
	}
	if b := (Books{Evicted: 3}).Found([]time.Time{noon.Add(-time.Second), within}, noon, false); b.Evicted != 2 {
		t.Errorf("one of three came that had left the ring before: %d", b.Evicted)
	}
}

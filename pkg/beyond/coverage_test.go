package beyond

import (
	"reflect"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
)

// hour is a time of a day.
func hour(h int) time.Time { return testledger.Noon.Add(time.Duration(h) * time.Hour) }

// TestLaterBlocksKnowBetter: of gaps that their writer had not forgotten.
func TestLaterBlocksKnowBetter(t *testing.T) {
	gap := func(from int, lost int64) books.Gap {
		return books.Gap{From: hour(from), To: hour(from + 1), Lost: lost}
	}
	l := life{written: 10, newest: hour(3), gaps: []books.Gap{gap(0, 5), gap(2, 7), gap(4, 9)}}
	// The first is forgotten, of the second less is missing, and the third was none.
	l.then(life{earlier: 10, written: 20, dropped: hour(2), newest: hour(6), until: hour(6), gaps: []books.Gap{gap(2, 3)}})
	if want := []books.Gap{gap(0, 5), gap(2, 3)}; !reflect.DeepEqual(l.gaps, want) || len(l.lacks) > 0 {
		t.Errorf("gaps %+v, lacks %+v", l.gaps, l.lacks)
	}
	l.then(life{earlier: 24, written: 30, met: hour(8), newest: hour(9), until: hour(9)})
	if want := []books.Gap{{From: hour(6), To: hour(8), Lost: 4, History: true}}; !reflect.DeepEqual(l.lacks, want) {
		t.Errorf("lacks %+v", l.lacks)
	}
	// One of the four came after all, and two of whom nobody said that they were missing.
	l.then(life{earlier: 29, written: 40, newest: hour(10), until: hour(10)})
	l.then(life{earlier: 40, written: 50, newest: hour(11), until: hour(11), regained: 5})
	l.then(life{earlier: 53, written: 60, newest: hour(12), until: hour(12)})
	if want := []books.Gap{{From: hour(11), To: hour(11), Lost: 1, History: true}}; !reflect.DeepEqual(l.lacks, want) {
		t.Errorf("lacks %+v", l.lacks)
	}
}

func TestCoverageOfMemoryAndOfTheStream(t *testing.T) {
	memory := ledger.Coverage{Since: hour(10), Until: hour(12)}
	told := []books.Gap{{From: hour(11), To: hour(12), Lost: 2}}
	for name, test := range map[string]struct {
		memory ledger.Coverage
		began  int
		lives  []*life
		want   ledger.Coverage
	}{
		"all of one process": {memory, 0, []*life{{start: hour(0), since: hour(0), oldest: hour(1), until: hour(11)}},
			ledger.Coverage{Since: hour(0), Until: hour(12), Oldest: hour(1)}},
		"the ring had dropped some": {memory, 0, []*life{{start: hour(0), since: hour(2), evicted: 7, oldest: hour(2), until: hour(11)}},
			ledger.Coverage{Since: hour(2), Until: hour(12), Oldest: hour(2), EvictedBefore: 7}},
		"the stream had dropped some": {memory, 0, []*life{{start: hour(0), since: hour(0), earlier: 9, oldest: hour(3), until: hour(11)}},
			ledger.Coverage{Since: hour(3), Until: hour(12), Oldest: hour(3)}},
		"memory knows more": {memory, 0, []*life{{start: hour(0), since: hour(10), oldest: hour(10), until: hour(11)}}, memory},
		"gaps of both, each once": {ledger.Coverage{Since: hour(10), Until: hour(12), Gaps: told}, 0,
			[]*life{{start: hour(0), since: hour(0), oldest: hour(1), until: hour(12), gaps: append([]books.Gap{{From: hour(2), To: hour(3)}}, told...)}},
			ledger.Coverage{Since: hour(0), Until: hour(12), Oldest: hour(1), Gaps: append([]books.Gap{{From: hour(2), To: hour(3)}}, told...)}},
		"nobody wrote for long": {memory, 0, []*life{{start: hour(0), since: hour(0), oldest: hour(1), until: hour(5)}},
			ledger.Coverage{Since: hour(0), Until: hour(12), Oldest: hour(1), Gaps: []books.Gap{{From: hour(5), To: hour(10), History: true}}}},
		"another process since": {memory, 10, []*life{{start: hour(0), since: hour(0), oldest: hour(1), until: hour(5)}},
			ledger.Coverage{Since: hour(0), Until: hour(12), Oldest: hour(1), Gaps: []books.Gap{{From: hour(5), To: hour(10), Restart: true}}}},
		"two in the stream": {memory, 0, []*life{
			{start: hour(0), since: hour(0), oldest: hour(1), until: hour(5)}, {start: hour(6), since: hour(7), evicted: 3, oldest: hour(8), until: hour(11)}},
			ledger.Coverage{Since: hour(0), Until: hour(12), Oldest: hour(1), Gaps: []books.Gap{{From: hour(5), To: hour(7), Lost: 3, Restart: true}}}},
	} {
		if got := covered(test.memory, test.lives, hour(test.began)); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s:\n%+v, want\n%+v", name, got, test.want)
		}
	}
}

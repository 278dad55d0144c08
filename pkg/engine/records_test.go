package engine

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

func TestNothingOfAStopIsLostInKeeping(t *testing.T) {
	unknown := testledger.Full(2, testledger.Noon.Add(time.Second))
	unknown.Start, unknown.LastActivity = time.Time{}, time.Time{}
	want := []model.Stop{unknown, testledger.Full(1, testledger.Noon)}
	for i, got := range testledger.Everything(testledger.Merged(t, testledger.New(t, ledger.DefaultLimits()), want...)) {
		if !reflect.DeepEqual(*got, want[i]) {
			t.Errorf("got  %+v\nwant %+v", *got, want[i])
		}
	}
}

// TestNothingIsTestedEmpty: what is empty before it is kept would not be missed after.
func TestNothingIsTestedEmpty(t *testing.T) {
	for _, of := range []reflect.Value{reflect.ValueOf(testledger.Full(1, testledger.Noon)), reflect.ValueOf(testledger.Full(1, testledger.Noon).Connection)} {
		for i := range of.NumField() {
			if of.Field(i).IsZero() {
				t.Errorf("%s of a full stop is empty", of.Type().Field(i).Name)
			}
		}
	}
}

// TestEachKeyIsFoundInKeptStops as it is in those that were told.
func TestEachKeyIsFoundInKeptStops(t *testing.T) {
	told, classifier := testledger.Full(1, testledger.Noon), reason.NewClassifier(nil)
	s := testledger.Merged(t, testledger.New(t, ledger.DefaultLimits()), testledger.Full(1, testledger.Noon))
	for _, key := range fields.StopKeys() {
		want := fields.OfStop(&told, key, classifier)
		groups := Groups(s, Selection{Range: testledger.Always, Classifier: classifier}, []fields.Key{key})
		if got, _ := groups[0].Value(key); len(groups) != 1 || got != want || want == "" {
			t.Errorf("%s: %q in %d groups, told was %q", key, got, len(groups), want)
		}
	}
}

func TestRecordsComeInAnyOrder(t *testing.T) {
	const count = 3*store.BlockSize + 100
	order := rand.New(rand.NewPCG(1, 2)).Perm(count)
	l := testledger.New(t, ledger.DefaultLimits())
	var early ledger.Snapshot
	for part := range slices.Chunk(order, 700) {
		var batch []model.Stop
		for _, n := range part {
			batch = append(batch, testledger.Full(uint64(n), testledger.Noon.Add(time.Duration(n)*time.Second)))
		}
		batch = append(batch, batch[0]) // one is told twice
		s := testledger.Merged(t, l, batch...)
		if early.Kept == nil {
			early = s
		}
	}
	s := testledger.Merged(t, l)
	found := testledger.Everything(s)
	if len(found) != count {
		t.Fatalf("%d stops, want each of %d once", len(found), count)
	}
	for i, stop := range found {
		if want := testledger.Full(uint64(count-1-i), testledger.Noon.Add(time.Duration(count-1-i)*time.Second)); !reflect.DeepEqual(*stop, want) {
			t.Fatalf("%d: got %+v, want %+v", i, *stop, want)
		}
	}
	if got := len(testledger.Everything(early)); got != 700 {
		t.Fatalf("an earlier snapshot shows %d stops now, not 700", got)
	}
	// The range begins and ends inside blocks.
	some := Find(s, Selection{Range: model.TimeRange{From: testledger.Noon.Add((store.BlockSize - 3) * time.Second), To: testledger.Noon.Add((2*store.BlockSize + 5) * time.Second)},
		Classifier: reason.NewClassifier(nil)}, 7)
	rows := some.First(7)
	if some.Len() != store.BlockSize+8 || len(rows) != 7 || rows[0].CID != 2*store.BlockSize+4 || rows[6].CID != 2*store.BlockSize-2 {
		t.Fatalf("a range of %d gives %d, the first of them %+v", store.BlockSize+8, some.Len(), rows)
	}
}

func TestFoundIsSortedByANumber(t *testing.T) {
	l := testledger.New(t, ledger.DefaultLimits())
	found := Find(testledger.Merged(t, l, testledger.Full(3, testledger.Noon.Add(3*time.Second)), testledger.Full(2, testledger.Noon.Add(2*time.Second)), testledger.Full(1, testledger.Noon.Add(time.Second))),
		Selection{Range: testledger.Always, Classifier: reason.NewClassifier(nil)}, 10)
	cids := func(f Found) (list []uint64) {
		for _, stop := range f.First(10) {
			list = append(list, stop.CID)
		}
		return list
	}
	odd := func(s *model.Stop) int64 { return int64(s.CID % 2) }
	if got := fmt.Sprint(cids(found.Sorted(odd, true)), cids(found.Sorted(odd, false)), cids(found)); got != "[3 1 2] [2 3 1] [3 2 1]" {
		t.Fatalf("got %s", got)
	}
}

// TestManyReadersAndOneWriter is for the race detector; each reader also sees
// that its snapshot stands still.
func TestManyReadersAndOneWriter(t *testing.T) {
	l := testledger.New(t, ledger.Limits{Age: 240 * time.Hour, Count: 2 * store.BlockSize})
	var readers sync.WaitGroup
	for n := range 60 {
		var batch []model.Stop
		for i := range 100 {
			// Every other batch is late, and reaches back behind the one before it.
			at := n*100 + i - n%2*150
			batch = append(batch, testledger.Full(uint64(n*100+i), testledger.Noon.Add(time.Duration(at)*time.Second)))
		}
		s := testledger.Merged(t, l, batch...)
		readers.Go(func() {
			selection := Selection{Range: testledger.Always, Where: []fields.Condition{testledger.OneOf(fields.KeyServer, "n1")}, Classifier: reason.NewClassifier(nil)}
			rows := testledger.Everything(s)
			for range 3 {
				groups := Groups(s, selection, []fields.Key{fields.KeyApp, fields.KeyAccount})
				total := int64(0)
				for _, group := range groups {
					total += group.Count
				}
				if total != int64(len(rows)) || len(groups) != 7 {
					t.Errorf("%d groups of %d stops, want 7 of %d", len(groups), total, len(rows))
				}
			}
		})
	}
	readers.Wait()
}

// TestOneValueAfterManyCombinations: the product of many values and of a single one
// is not to be taken for one that an array holds.
func TestOneValueAfterManyCombinations(t *testing.T) {
	var batch []model.Stop
	for i := range uint64(1100) {
		stop := testledger.Full(i, testledger.Noon.Add(time.Duration(i)*time.Second))
		stop.Name, stop.IP = fmt.Sprint("name", i), fmt.Sprint("ip", i)
		batch = append(batch, stop)
	}
	s := testledger.Merged(t, testledger.New(t, ledger.DefaultLimits()), batch...)
	keys := []fields.Key{fields.KeyName, fields.KeyIP, fields.KeyCluster}
	if groups := Groups(s, Selection{Range: testledger.Always, Classifier: reason.NewClassifier(nil)}, keys); len(groups) != 1100 {
		t.Fatalf("%d groups", len(groups))
	}
}

func TestGroupsOfMoreCombinationsThanAnArrayHolds(t *testing.T) {
	var batch []model.Stop
	for i := range uint64(1100) {
		stop := testledger.Full(i, testledger.Noon.Add(time.Duration(i)*time.Second))
		stop.Name, stop.User = fmt.Sprint("name", i), fmt.Sprint("user", i)
		batch = append(batch, stop)
	}
	s := testledger.Merged(t, testledger.New(t, ledger.DefaultLimits()), batch...)
	groups := Groups(s, Selection{Range: testledger.Always, Classifier: reason.NewClassifier(nil)}, []fields.Key{fields.KeyUser, fields.KeyName})
	if len(groups) != 1100 || groups[0].Count != 1 || groups[3].Labels[0].Value != "user3" || groups[3].Labels[1].Value != "name3" {
		t.Fatalf("%d groups, one is %+v", len(groups), groups[3])
	}
}

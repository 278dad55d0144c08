package stops

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"
)

// full is a stop with something in every field.
func full(cid uint64, when time.Time) Stop {
	text := func(name string) string { return fmt.Sprintf("%s-%d", name, cid%7) }
	return Stop{
		Connection: Connection{
			ServerID: "ID1", Server: "n1", Cluster: "c1", CID: cid, App: text("app"), Name: text("app") + "-pod-1",
			Account: text("account"), AccountID: text("account"), User: text("user"), Kind: "Client", Type: "mqtt",
			Lang: "go", Version: "1.2.3", IP: text("ip"), Port: 65535, TLSVersion: "1.3", TLSCipher: "x", MQTTClient: text("mqtt"),
			Start: when.Add(-30 * 24 * time.Hour), LastActivity: when.Add(time.Nanosecond), RTT: 3 * time.Second,
			PendingBytes: 1 << 40, InMsgs: 1 << 62, OutMsgs: 2, InBytes: 3, OutBytes: -4, Subscriptions: 5,
		},
		Reason: "Client Closed", At: when,
	}
}

func merged(t *testing.T, l *Ledger, stops ...Stop) Snapshot {
	t.Helper()
	return l.Merge([]Reading{{
		Endpoint: "n1:8222", Ring: RingRead, Closed: stops,
		Server: Server{ID: "ID1", Name: "n1", Cluster: "c1", Start: noon, Now: noon, Total: int64(len(stops))},
	}})
}

func everything(s Snapshot) []*Stop {
	return s.Stops(Selection{Range: always, Classifier: NewClassifier(nil)})
}

func TestNothingOfAStopIsLostInKeeping(t *testing.T) {
	unknown := full(2, noon.Add(time.Second))
	unknown.Start, unknown.LastActivity = time.Time{}, time.Time{}
	want := []Stop{unknown, full(1, noon)}
	for i, got := range everything(merged(t, ledger(t, DefaultLimits()), want...)) {
		if !reflect.DeepEqual(*got, want[i]) {
			t.Errorf("got  %+v\nwant %+v", *got, want[i])
		}
	}
}

func TestRecordsComeInAnyOrder(t *testing.T) {
	const count = 3*chunkSize + 100
	order := rand.New(rand.NewPCG(1, 2)).Perm(count)
	l := ledger(t, DefaultLimits())
	var early Snapshot
	for part := range slices.Chunk(order, 700) {
		var batch []Stop
		for _, n := range part {
			batch = append(batch, full(uint64(n), noon.Add(time.Duration(n)*time.Second)))
		}
		batch = append(batch, batch[0]) // one is told twice
		s := merged(t, l, batch...)
		if early.kept == nil {
			early = s
		}
	}
	s := merged(t, l)
	found := everything(s)
	if len(found) != count {
		t.Fatalf("%d stops, want each of %d once", len(found), count)
	}
	for i, stop := range found {
		if want := full(uint64(count-1-i), noon.Add(time.Duration(count-1-i)*time.Second)); !reflect.DeepEqual(*stop, want) {
			t.Fatalf("%d: got %+v, want %+v", i, *stop, want)
		}
	}
	if got := len(everything(early)); got != 700 {
		t.Fatalf("an earlier snapshot shows %d stops now, not 700", got)
	}
	// The range begins and ends inside chunks.
	some := s.Find(Selection{Range: Range{From: noon.Add((chunkSize - 3) * time.Second), To: noon.Add((2*chunkSize + 5) * time.Second)},
		Classifier: NewClassifier(nil)}, 7)
	rows := some.First(7)
	if some.Len() != chunkSize+8 || len(rows) != 7 || rows[0].CID != 2*chunkSize+4 || rows[6].CID != 2*chunkSize-2 {
		t.Fatalf("a range of %d gives %d, the first of them %+v", chunkSize+8, some.Len(), rows)
	}
}

func TestFoundIsSortedByANumber(t *testing.T) {
	l := ledger(t, DefaultLimits())
	found := merged(t, l, full(3, noon.Add(3*time.Second)), full(2, noon.Add(2*time.Second)), full(1, noon.Add(time.Second))).
		Find(Selection{Range: always, Classifier: NewClassifier(nil)}, 10)
	cids := func(f Found) (list []uint64) {
		for _, stop := range f.First(10) {
			list = append(list, stop.CID)
		}
		return list
	}
	odd := func(s *Stop) int64 { return int64(s.CID % 2) }
	if got := fmt.Sprint(cids(found.Sorted(odd, true)), cids(found.Sorted(odd, false)), cids(found)); got != "[3 1 2] [2 3 1] [3 2 1]" {
		t.Fatalf("got %s", got)
	}
}

// TestManyReadersAndOneWriter is for the race detector; each reader also sees
// that its snapshot stands still.
func TestManyReadersAndOneWriter(t *testing.T) {
	l := ledger(t, Limits{Age: 240 * time.Hour, Count: 2 * chunkSize})
	var readers sync.WaitGroup
	for n := range 60 {
		var batch []Stop
		for i := range 100 {
			// Every other batch is late, and reaches back behind the one before it.
			at := n*100 + i - n%2*150
			batch = append(batch, full(uint64(n*100+i), noon.Add(time.Duration(at)*time.Second)))
		}
		s := merged(t, l, batch...)
		readers.Go(func() {
			selection := Selection{Range: always, Where: []Condition{oneOf(KeyServer, "n1")}, Classifier: NewClassifier(nil)}
			rows := everything(s)
			for range 3 {
				groups := s.Groups(selection, []Key{KeyApp, KeyAccount}, Buckets{}, nil)
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

func TestGroupsOfMoreCombinationsThanAnArrayHolds(t *testing.T) {
	var batch []Stop
	for i := range uint64(1100) {
		stop := full(i, noon.Add(time.Duration(i)*time.Second))
		stop.Name, stop.User = fmt.Sprint("name", i), fmt.Sprint("user", i)
		batch = append(batch, stop)
	}
	s := merged(t, ledger(t, DefaultLimits()), batch...)
	groups := s.Groups(Selection{Range: always, Classifier: NewClassifier(nil)}, []Key{KeyUser, KeyName}, Buckets{}, nil)
	if len(groups) != 1100 || groups[0].Count != 1 || groups[3].Labels[0].Value != "user3" || groups[3].Labels[1].Value != "name3" {
		t.Fatalf("%d groups, one is %+v", len(groups), groups[3])
	}
}

func TestNamesOfDroppedStopsAreForgotten(t *testing.T) {
	l := ledger(t, Limits{Age: 240 * time.Hour, Count: 10})
	var s Snapshot
	for n := range uint64(3) {
		var batch []Stop
		for i := range uint64(spareWords) {
			cid := n*spareWords + i
			stop := full(cid, noon.Add(time.Duration(cid)*time.Second))
			stop.Name = fmt.Sprint("name", cid)
			batch = append(batch, stop)
		}
		s = merged(t, l, batch...)
	}
	if got := l.vocabulary.size(); got > 2*spareWords {
		t.Fatalf("%d names are kept for 10 stops", got)
	}
	if newest := everything(s); len(newest) != 10 || newest[0].Name != fmt.Sprint("name", 3*spareWords-1) {
		t.Fatalf("got %d, the newest %+v", len(newest), newest[0])
	}
}

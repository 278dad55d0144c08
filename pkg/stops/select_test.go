package stops

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func at(server string, cid uint64, reason, account string, when time.Time) Stop {
	return Stop{
		Connection: Connection{ServerID: server, CID: cid, Kind: "Client", Account: account, AccountID: account, PendingBytes: 100},
		Reason:     reason, At: when,
	}
}

func snapshot(t *testing.T, readings ...Reading) Snapshot {
	t.Helper()
	return ledger(t, DefaultLimits()).Merge(readings)
}

func answered(name string, stops ...Stop) Reading {
	slices.SortFunc(stops, func(a, b Stop) int { return b.At.Compare(a.At) })
	return Reading{
		Endpoint: name + ":8222", Closed: stops, Ring: RingRead,
		Server: Server{ID: name, Name: name, Start: noon.Add(-time.Hour), Now: noon, Total: int64(len(stops))},
	}
}

// tell writes groups as "account=a,server=n1:2", sorted.
func tell(groups []Group) string {
	var lines []string
	for _, group := range groups {
		var labels []string
		for _, label := range group.Labels {
			labels = append(labels, fmt.Sprintf("%s=%s", label.Key, label.Value))
		}
		lines = append(lines, fmt.Sprintf("%s:%d", strings.Join(labels, ","), group.Count))
	}
	slices.Sort(lines)
	return strings.Join(lines, " ")
}

func oneOf(key Key, values ...string) Condition {
	return Condition{Key: key, Match: MatchOneOf(values), Named: values}
}

func TestGroupsAreZeroFilledHonestly(t *testing.T) {
	last10 := Range{From: noon.Add(-10 * time.Minute), To: noon}
	n1 := answered("n1",
		at("n1", 1, "Kicked", "a", noon.Add(-time.Minute)),
		at("n1", 2, "Kicked", "b", noon.Add(-30*time.Minute)))
	n2 := answered("n2", at("n2", 1, "Stale Connection", "a", noon.Add(-40*time.Minute)))
	down := Reading{Endpoint: "n2:8222", Err: errors.New("down")}
	tests := map[string]struct {
		snapshot Snapshot
		keys     []Key
		where    []Condition
		want     string
	}{
		"every group of any kept record, no cross product": {
			snapshot(t, n1, n2), []Key{KeyAccount, KeyServer}, nil,
			"account=a,server=n1:1 account=a,server=n2:0 account=b,server=n1:0",
		},
		"named by a filter": {
			snapshot(t, n1, n2), []Key{KeyReason}, []Condition{oneOf(KeyReason, "Kicked", "Write Error")},
			"reason=Kicked:1 reason=Write Error:0",
		},
		"named for one of two keys": {
			snapshot(t, n1, n2), []Key{KeyReason, KeyAccount}, []Condition{oneOf(KeyReason, "Write Error")},
			"reason=Write Error:0",
		},
		"nothing known": {snapshot(t, answered("n1")), []Key{KeyReason}, nil, ":0"},
		"no grouping":   {snapshot(t, n1), nil, nil, ":1"},
		"a dead server named by a filter is no zero": {
			snapshot(t, n1, down), []Key{KeyServer}, []Condition{oneOf(KeyServer, "n1", "n2:8222")}, "server=n1:1",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			selection := Selection{Range: last10, Where: test.where, Classifier: NewClassifier(nil)}
			if got := tell(test.snapshot.Groups(selection, test.keys, Buckets{}, nil)); got != test.want {
				t.Fatalf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestGroupsOfADeadServerAreNotZero(t *testing.T) {
	l := ledger(t, DefaultLimits())
	l.Merge([]Reading{answered("n1"), answered("n2",
		at("n2", 1, "Stale Connection", "a", noon.Add(-40*time.Minute)),
		at("n2", 2, "Kicked", "a", noon.Add(-2*time.Minute)))})
	s := l.Merge([]Reading{answered("n1"), {Endpoint: "n2:8222", Err: errors.New("down")}})
	selection := Selection{Range: Range{From: noon.Add(-10 * time.Minute), To: noon}, Classifier: NewClassifier(nil)}
	if got := tell(s.Groups(selection, []Key{KeyReason, KeyServer}, Buckets{}, nil)); got != "reason=Kicked,server=n2:1" {
		t.Fatalf("what was read is kept, a zero is not invented; got %s", got)
	}
}

func TestSeries(t *testing.T) {
	s := snapshot(t, answered("n1",
		at("n1", 1, "Slow Consumer (Pending Bytes)", "a", noon.Add(-61*time.Second)),
		at("n1", 2, "Slow Consumer (Pending Bytes)", "a", noon.Add(-60*time.Second)),
		at("n1", 3, "Client Closed", "a", noon.Add(-time.Nanosecond))))
	r := Range{From: noon.Add(-150 * time.Second), To: noon}
	buckets := NewBuckets(r, time.Minute, false)
	classifier := NewClassifier(nil)
	groups := s.Groups(Selection{Range: r, Classifier: classifier}, nil, buckets,
		func(stop *Stop) int64 { return stop.BytesLostMin(classifier) })
	if got := fmt.Sprint(groups[0].Series); got != "[0 100 100]" {
		t.Fatalf("got %s", got)
	}
}

func TestFoldSumsTheRest(t *testing.T) {
	groups := []Group{
		{Labels: []Label{{KeyApp, "a"}}, Count: 3, Series: []int64{1, 2}},
		{Labels: []Label{{KeyApp, "b"}}, Count: 2, Sums: map[string]int64{"x": 5}, Series: []int64{1, 1}},
		{Labels: []Label{{KeyApp, "c"}}, Count: 1, Sums: map[string]int64{"x": 6}, Series: []int64{0, 1}},
	}
	kept, folded := Fold(groups, []Key{KeyApp}, 1)
	if folded != 2 || len(kept) != 2 {
		t.Fatalf("kept %d, folded %d", len(kept), folded)
	}
	other := kept[1]
	if value, _ := other.Value(KeyApp); value != Other || other.Count != 3 || other.Sums["x"] != 11 || fmt.Sprint(other.Series) != "[1 2]" {
		t.Fatalf("got %+v", other)
	}
	if again, none := Fold(groups, []Key{KeyApp}, 3); none != 0 || len(again) != 3 {
		t.Fatal("three of three groups need no folding")
	}
}

func TestBuckets(t *testing.T) {
	tests := map[string]struct {
		from, to     time.Time
		interval     time.Duration
		finishedOnly bool
		start        time.Time
		count        int
	}{
		"floor":                      {noon.Add(-90 * time.Second), noon, time.Minute, false, noon.Add(-2 * time.Minute), 2},
		"aligned":                    {noon.Add(-2 * time.Minute), noon, time.Minute, false, noon.Add(-2 * time.Minute), 2},
		"unfinished bucket":          {noon, noon.Add(90 * time.Second), time.Minute, false, noon, 2},
		"unfinished bucket, alert":   {noon, noon.Add(90 * time.Second), time.Minute, true, noon, 1},
		"week is aligned to epoch":   {noon, noon.Add(time.Hour), 7 * 24 * time.Hour, false, time.Date(2026, 2, 26, 0, 0, 0, 0, time.UTC), 1},
		"nothing finished, no point": {noon, noon.Add(time.Second), time.Minute, true, noon, 0},
		"before the epoch":           {time.Unix(-90, 0), time.Unix(0, 0), time.Minute, false, time.Unix(-120, 0), 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := NewBuckets(Range{From: test.from, To: test.to}, test.interval, test.finishedOnly)
			if !b.Start.Equal(test.start) || b.Count != test.count {
				t.Fatalf("start %v, count %d", b.Start, b.Count)
			}
		})
	}
}

func TestServerGroups(t *testing.T) {
	r := Range{From: noon.Add(-time.Minute), To: noon}
	s := snapshot(t, answered("n1"), answered("n2"), Reading{Endpoint: "n3:8222", Err: errors.New("down")})
	tests := []struct {
		metric string
		keys   []Key
		want   string
	}{
		{"answered", []Key{KeyServer}, "n1=1 n2=1 n3:8222=0"},
		{"answered", nil, "=2"},
		{"oldest_age", []Key{KeyServer}, "n1=3600 n2=3600"},
		{"oldest_age", nil, "=3600"},
		{"records_lost", []Key{KeyServer}, "n1=0 n2=0"},
		{"open", nil, "=0"},
	}
	for _, test := range tests {
		var got []string
		for _, group := range ServerGroups(s.ServersWhere(nil), test.keys, []string{test.metric}, r) {
			name, _ := group.Value(KeyServer)
			got = append(got, fmt.Sprintf("%s=%d", name, group.Sums[test.metric]))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s by %v: got %v, want %s", test.metric, test.keys, got, test.want)
		}
	}
}

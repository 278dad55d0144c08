package engine

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

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

func TestGroupsAreZeroFilledHonestly(t *testing.T) {
	last10 := model.TimeRange{From: testledger.Noon.Add(-10 * time.Minute), To: testledger.Noon}
	n1 := testledger.Answered("n1",
		testledger.At("n1", 1, "Kicked", "a", testledger.Noon.Add(-time.Minute)),
		testledger.At("n1", 2, "Kicked", "b", testledger.Noon.Add(-30*time.Minute)))
	n2 := testledger.Answered("n2", testledger.At("n2", 1, "Stale Connection", "a", testledger.Noon.Add(-40*time.Minute)))
	down := model.Reading{Endpoint: "n2:8222", Err: errors.New("down")}
	tests := map[string]struct {
		Snapshot ledger.Snapshot
		keys     []fields.Key
		where    []fields.Condition
		want     string
	}{
		"every group of any kept record, no cross product": {
			testledger.Snapshot(t, n1, n2), []fields.Key{fields.KeyAccount, fields.KeyServer}, nil,
			"account=a,server=n1:1 account=a,server=n2:0 account=b,server=n1:0",
		},
		"named by a filter": {
			testledger.Snapshot(t, n1, n2), []fields.Key{fields.KeyReason}, []fields.Condition{testledger.OneOf(fields.KeyReason, "Kicked", "Write Error")},
			"reason=Kicked:1 reason=Write Error:0",
		},
		"named for one of two keys": {
			testledger.Snapshot(t, n1, n2), []fields.Key{fields.KeyReason, fields.KeyAccount}, []fields.Condition{testledger.OneOf(fields.KeyReason, "Write Error")},
			"reason=Write Error:0",
		},
		"nothing known": {testledger.Snapshot(t, testledger.Answered("n1")), []fields.Key{fields.KeyReason}, nil, ":0"},
		"no grouping":   {testledger.Snapshot(t, n1), nil, nil, ":1"},
		"a dead server named by a filter is no zero": {
			testledger.Snapshot(t, n1, down), []fields.Key{fields.KeyServer}, []fields.Condition{testledger.OneOf(fields.KeyServer, "n1", "n2:8222")}, "server=n1:1",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			selection := Selection{Range: last10, Where: test.where, Classifier: reason.NewClassifier(nil)}
			if got := tell(Groups(test.Snapshot, selection, test.keys)); got != test.want {
				t.Fatalf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestGroupsOfADeadServerAreNotZero(t *testing.T) {
	l := testledger.New(t, ledger.DefaultLimits())
	l.Merge([]model.Reading{testledger.Answered("n1"), testledger.Answered("n2",
		testledger.At("n2", 1, "Stale Connection", "a", testledger.Noon.Add(-40*time.Minute)),
		testledger.At("n2", 2, "Kicked", "a", testledger.Noon.Add(-2*time.Minute)))})
	s := l.Merge([]model.Reading{testledger.Answered("n1"), {Endpoint: "n2:8222", Err: errors.New("down")}})
	selection := Selection{Range: model.TimeRange{From: testledger.Noon.Add(-10 * time.Minute), To: testledger.Noon}, Classifier: reason.NewClassifier(nil)}
	if got := tell(Groups(s, selection, []fields.Key{fields.KeyReason, fields.KeyServer})); got != "reason=Kicked,server=n2:1" {
		t.Fatalf("what was read is kept, a zero is not invented; got %s", got)
	}
}

func TestSeries(t *testing.T) {
	s := testledger.Snapshot(t, testledger.Answered("n1",
		testledger.At("n1", 1, "Slow Consumer (Pending Bytes)", "a", testledger.Noon.Add(-61*time.Second)),
		testledger.At("n1", 2, "Slow Consumer (Pending Bytes)", "a", testledger.Noon.Add(-60*time.Second)),
		testledger.At("n1", 3, "Client Closed", "a", testledger.Noon.Add(-time.Nanosecond))))
	r := model.TimeRange{From: testledger.Noon.Add(-150 * time.Second), To: testledger.Noon}
	buckets := NewBuckets(r, time.Minute, false)
	classifier := reason.NewClassifier(nil)
	groups, _ := Series(s, Selection{Range: r, Classifier: classifier}, nil, buckets,
		fields.MeasureOf(fields.BytesLostMin), Limit{Most: 10, Size: size})
	if got := fmt.Sprint(groups[0].Series); got != "[0 100 100]" {
		t.Fatalf("got %s", got)
	}
}

func size(g Group) int64 { return g.Count }

func TestServerGroups(t *testing.T) {
	r := model.TimeRange{From: testledger.Noon.Add(-time.Minute), To: testledger.Noon}
	s := testledger.Snapshot(t, testledger.Answered("n1"), testledger.Answered("n2"), model.Reading{Endpoint: "n3:8222", Err: errors.New("down")})
	tests := []struct {
		metric string
		keys   []fields.Key
		want   string
	}{
		{"answered", []fields.Key{fields.KeyServer}, "n1=1 n2=1 n3:8222=0"},
		{"answered", nil, "=2"},
		{"oldest_age", []fields.Key{fields.KeyServer}, "n1=3600 n2=3600"},
		{"oldest_age", nil, "=3600"},
		{"records_lost", []fields.Key{fields.KeyServer}, "n1=0 n2=0"},
		{"open", nil, "=0"},
	}
	for _, test := range tests {
		var got []string
		for _, group := range ServerGroups(ServersWhere(s, nil), test.keys, []string{test.metric}, r) {
			name, _ := group.Value(fields.KeyServer)
			got = append(got, fmt.Sprintf("%s=%d", name, group.Sums[test.metric]))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s by %v: got %v, want %s", test.metric, test.keys, got, test.want)
		}
	}
}

// TestServersTellAnAccountNoCounters: what nobody told is missing, not zero.
func TestServersTellAnAccountNoCounters(t *testing.T) {
	s := testledger.Snapshot(t, model.Reading{Endpoint: "n1:8222", Ring: model.RingRead, Server: model.Server{ID: "ID1", Name: "n1", Now: testledger.Noon, Uncounted: true}})
	for metric, told := range map[string]bool{
		"answered": true, "records_lost": false, "oldest_age": true, "open": false, "total": false, "evicted_before": false, "uptime": false,
	} {
		if _, got := fields.MeasureOf(metric).Server(&s.Servers[0], testledger.Always); got != told {
			t.Errorf("%s is told: %v", metric, got)
		}
	}
}

// TestUnknownReachIsMissing: an age of all time would be a number that nobody saw.
func TestUnknownReachIsMissing(t *testing.T) {
	state := ledger.ServerState{Answered: true, Coverage: ledger.Coverage{Until: testledger.Noon}}
	if number, told := fields.MeasureOf("oldest_age").Server(&state, testledger.Always); told {
		t.Errorf("told %d", number)
	}
}

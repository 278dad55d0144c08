package engine

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// plain is the snapshot without summaries: what it says is found record by record.
func plain(s ledger.Snapshot) ledger.Snapshot {
	s.Kept = slices.Clone(s.Kept)
	for i := range s.Kept {
		s.Kept[i].Table = s.Kept[i].Table.Plain()
	}
	return s
}

// various is a ledger of two servers that keep several blocks of records, came
// by in any order and partly dropped again; a third server does not answer any more.
func various(t *testing.T, accounts int) ledger.Snapshot {
	t.Helper()
	const count = 4 * store.BlockSize
	random := rand.New(rand.NewPCG(3, 4))
	reasons := []string{"Client Closed", "Slow Consumer (Pending Bytes)", "Read Error", "Stale Connection"}
	l := testledger.New(t, ledger.Limits{Age: 1000 * time.Hour, Count: 7 * store.BlockSize})
	readings := make([]model.Reading, 3)
	for n := range readings {
		id := fmt.Sprintf("S%d", n)
		rows := make([]model.Stop, count)
		for i := range rows {
			rows[i] = testledger.Full(uint64(i+1), testledger.Noon.Add(time.Duration(random.IntN(20*store.BlockSize))*time.Second))
			rows[i].Reason, rows[i].PendingBytes = reasons[random.IntN(len(reasons))], int64(random.IntN(1000))
			rows[i].Account = fmt.Sprintf("account%d", random.IntN(accounts))
			rows[i].AccountID = rows[i].Account
			rows[i].Lang = []string{"go", "rust"}[random.IntN(2)]
		}
		readings[n] = model.Reading{Endpoint: id, Ring: model.RingRead, Closed: rows, Server: model.Server{ID: id, Name: id, Start: testledger.Noon, Now: testledger.Noon.Add(time.Hour)}}
	}
	for half := range 2 {
		part := slices.Clone(readings)
		for n := range part {
			part[n].Closed = slices.Clone(part[n].Closed[half*count/2 : (half+1)*count/2])
		}
		l.Merge(part)
	}
	readings[0].Ring, readings[1].Ring = model.RingUnchanged, model.RingUnchanged
	readings[2] = model.Reading{Endpoint: "S2", Err: fmt.Errorf("down")}
	return l.Merge(readings)
}

func TestSummariesSumAsRecordsDo(t *testing.T) {
	s := various(t, 5)
	summaries := 0
	for _, kept := range s.Kept {
		for _, d := range kept.Table.Summaries {
			if d != nil {
				summaries++
			}
		}
	}
	if summaries < 4 {
		t.Fatalf("%d summaries", summaries)
	}
	from := func(chunks, more int) time.Time {
		return testledger.Noon.Add(time.Duration(chunks*store.BlockSize+more) * time.Second)
	}
	span := func(from, to time.Time) model.TimeRange { return model.TimeRange{From: from, To: to} }
	ranges := []model.TimeRange{testledger.Always, span(from(5, 3), from(15, 0)), span(from(8, 0), from(8, 60)), span(from(30, 0), from(31, 0))}
	wheres := [][]fields.Condition{
		nil,
		{{Key: fields.KeyReason, Match: fields.MatchOneOf([]string{"Read Error", "Client Closed"}), Named: []string{"Read Error", "Client Closed"}}},
		{{Key: fields.KeyServer, Match: fields.MatchOneOf([]string{"S1", "S2"})}, {Key: fields.KeyLang, Match: fields.Not(fields.MatchOneOf([]string{"go"}))}},
		{{Key: fields.KeyName, Match: fields.MatchOneOf([]string{testledger.Full(7, testledger.Noon).Name})}},
	}
	keys := [][]fields.Key{nil, {fields.KeyReason}, {fields.KeyAccount, fields.KeyReason, fields.KeyServer}, {fields.KeyClass, fields.KeyLang}, {fields.KeyApp}}
	stops, lost := fields.MeasureOf(fields.StopCount), fields.MeasureOf(fields.BytesLostMin)
	for _, r := range ranges {
		for w, where := range wheres {
			for _, by := range keys {
				selection := Selection{Range: r, Where: where, Classifier: reason.NewClassifier(nil)}
				in := func(s ledger.Snapshot, buckets Buckets, measure *fields.Measure) []Group {
					selection.Range = buckets.Range()
					groups, _ := Series(s, selection, by, buckets, measure, Limit{Most: 4, Size: size})
					return groups
				}
				for name, ask := range map[string]func(ledger.Snapshot) any{
					"groups": func(s ledger.Snapshot) any { selection.Range = r; return Groups(s, selection, by) },
					"short buckets": func(s ledger.Snapshot) any {
						return in(s, NewBuckets(span(from(5, 0), from(15, 0)), 5*time.Minute, false), stops)
					},
					"long buckets": func(s ledger.Snapshot) any {
						return in(s, NewBuckets(span(from(2, 0), from(18, 0)), 8*time.Hour, false), stops)
					},
					"measured buckets": func(s ledger.Snapshot) any {
						return in(s, NewBuckets(span(from(2, 0), from(18, 0)), 8*time.Hour, false), lost)
					},
				} {
					if got, want := ask(s), ask(plain(s)); !reflect.DeepEqual(got, want) {
						t.Errorf("%v, conditions %d, by %v, %s:\n got %+v\nwant %+v", r, w, by, name, got, want)
					}
				}
			}
		}
	}
}

// TestColumnsTellWhatWholeRecordsTell: bytes lost are summed by columns and by
// summaries, a number that neither of them knows by a look at each record.
func TestColumnsTellWhatWholeRecordsTell(t *testing.T) {
	looked := *fields.MeasureOf("pending_bytes")
	looked.Stop = fields.BytesLost
	selection := Selection{Range: testledger.Always, Classifier: reason.NewClassifier(nil)}
	var all int64
	for _, keys := range [][]fields.Key{nil, {fields.KeyReason, fields.KeyServer}, {fields.KeyName}} {
		_, groups := sumUp(various(t, 5), selection, keys, []*fields.Measure{&looked})
		for _, group := range groups {
			if got, want := group.Sums[looked.Name], group.Sums[fields.BytesLostMin]; got != want {
				t.Errorf("%v by %v: %d, columns tell %d", group.Labels, keys, got, want)
			}
			all += group.Sums[looked.Name]
		}
	}
	if all == 0 {
		t.Error("nothing was lost: the test looks at nothing")
	}
}

func TestNoSummaryOfTooManyKinds(t *testing.T) {
	s := various(t, store.MaxSummaryRows)
	for _, kept := range s.Kept {
		for _, d := range kept.Table.Summaries {
			if d != nil {
				t.Fatalf("a summary of %d kinds", len(d))
			}
		}
	}
}

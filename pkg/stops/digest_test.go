package stops

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

// plain is the snapshot without digests: what it says is found record by record.
func (s Snapshot) plain() Snapshot {
	s.kept = slices.Clone(s.kept)
	for i := range s.kept {
		s.kept[i].records.digests = make([]digest, len(s.kept[i].records.digests))
	}
	return s
}

// various is a ledger of two servers that keep several chunks of records, came
// by in any order and partly dropped again; a third server does not answer any more.
func various(t *testing.T, accounts int) Snapshot {
	t.Helper()
	const count = 4 * chunkSize
	random := rand.New(rand.NewPCG(3, 4))
	reasons := []string{"Client Closed", "Slow Consumer (Pending Bytes)", "Read Error", "Stale Connection"}
	l := ledger(t, Limits{Age: 1000 * time.Hour, Count: 7 * chunkSize})
	readings := make([]Reading, 3)
	for n := range readings {
		id := fmt.Sprintf("S%d", n)
		rows := make([]Stop, count)
		for i := range rows {
			rows[i] = full(uint64(i+1), noon.Add(time.Duration(random.IntN(20*chunkSize))*time.Second))
			rows[i].Reason, rows[i].PendingBytes = reasons[random.IntN(len(reasons))], int64(random.IntN(1000))
			rows[i].Account = fmt.Sprintf("account%d", random.IntN(accounts))
			rows[i].AccountID = rows[i].Account
			rows[i].Lang = []string{"go", "rust"}[random.IntN(2)]
		}
		readings[n] = Reading{Endpoint: id, Ring: RingRead, Closed: rows, Server: Server{ID: id, Name: id, Start: noon, Now: noon.Add(time.Hour)}}
	}
	for half := range 2 {
		part := slices.Clone(readings)
		for n := range part {
			part[n].Closed = slices.Clone(part[n].Closed[half*count/2 : (half+1)*count/2])
		}
		l.Merge(part)
	}
	readings[0].Ring, readings[1].Ring = RingUnchanged, RingUnchanged
	readings[2] = Reading{Endpoint: "S2", Err: fmt.Errorf("down")}
	return l.Merge(readings)
}

func TestDigestsSumAsRecordsDo(t *testing.T) {
	s := various(t, 5)
	digests := 0
	for _, kept := range s.kept {
		for _, d := range kept.records.digests {
			if d != nil {
				digests++
			}
		}
	}
	if digests < 4 {
		t.Fatalf("%d digests", digests)
	}
	from := func(chunks, more int) time.Time { return noon.Add(time.Duration(chunks*chunkSize+more) * time.Second) }
	ranges := []Range{always, {from(5, 3), from(15, 0)}, {from(8, 0), from(8, 60)}, {from(30, 0), from(31, 0)}}
	wheres := [][]Condition{
		nil,
		{{Key: KeyReason, Match: MatchOneOf([]string{"Read Error", "Client Closed"}), Named: []string{"Read Error", "Client Closed"}}},
		{{Key: KeyServer, Match: MatchOneOf([]string{"S1", "S2"})}, {Key: KeyLang, Match: Not(MatchOneOf([]string{"go"}))}},
		{{Key: KeyName, Match: MatchOneOf([]string{full(7, noon).Name})}},
	}
	keys := [][]Key{nil, {KeyReason}, {KeyAccount, KeyReason, KeyServer}, {KeyClass, KeyLang}, {KeyApp}}
	lost := func(s *Stop) int64 { return s.PendingBytes }
	for _, r := range ranges {
		for w, where := range wheres {
			for _, by := range keys {
				selection := Selection{Range: r, Where: where, Classifier: NewClassifier(nil)}
				for name, ask := range map[string]func(Snapshot) any{
					"groups": func(s Snapshot) any { return s.Groups(selection, by, Buckets{}, nil) },
					"short buckets": func(s Snapshot) any {
						return s.Groups(selection, by, NewBuckets(Range{from(5, 0), from(15, 0)}, 5*time.Minute, false), nil)
					},
					"long buckets": func(s Snapshot) any {
						return s.Groups(selection, by, NewBuckets(Range{from(2, 0), from(18, 0)}, 8*time.Hour, false), nil)
					},
					"measured buckets": func(s Snapshot) any {
						return s.Groups(selection, by, NewBuckets(Range{from(2, 0), from(18, 0)}, 8*time.Hour, false), lost)
					},
				} {
					if got, want := ask(s), ask(s.plain()); !reflect.DeepEqual(got, want) {
						t.Errorf("%v, conditions %d, by %v, %s:\n got %+v\nwant %+v", r, w, by, name, got, want)
					}
				}
			}
		}
	}
}

func TestNoDigestOfTooManyKinds(t *testing.T) {
	s := various(t, maxKinds)
	for _, kept := range s.kept {
		for _, d := range kept.records.digests {
			if d != nil {
				t.Fatalf("a digest of %d kinds", len(d))
			}
		}
	}
}

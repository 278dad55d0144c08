package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

const (
	million = 1_000_000
	// batch is how many stops one simulated read brings.
	batch = 10_000

	allowedGrouping = 15 * time.Millisecond
	allowedMemory   = 96
	// goalGrowth allows what is kept to outgrow the processor's caches.
	goalGrowth = 1.5
)

// sizes are how many records are kept, the last what goals are about.
var sizes = []int{1_000, 10_000, 100_000, million}

// keptRecords measures the ledger alone: what a kept record weighs, and what
// grouping, finding and adding cost as they become many.
func keptRecords(_ context.Context, rounds int) (report, error) {
	kept := make([]*simulated, len(sizes))
	var adding []work
	for i, size := range sizes {
		s, err := simulate(size, sharedName)
		if err != nil {
			return report{}, err
		}
		s.measure(rounds)
		kept[i], adding = s, append(adding, s.adding())
	}
	added, err := interleave(rounds, adding...)
	if err != nil {
		return report{}, err
	}
	unique, err := simulate(million/10, uniqueName)
	if err != nil {
		return report{}, err
	}
	few, many, last := kept[0], kept[len(kept)-1], len(kept)-1
	allocations, err := mallocs(func() error { many.group(fields.KeyUser); return nil })
	if err != nil {
		return report{}, err
	}
	return report{Results: []result{
		compare("group 1,000,000 records by reason and account ÷ 15 ms of one core", many.summing.Seconds(), allowedGrouping.Seconds(), 1,
			fmt.Sprintf("%s with a filter on type", many.summing.Round(10*time.Microsecond))),
		compare("group 1,000,000 records by reason and user ÷ 15 ms of one core", many.grouping.Seconds(), allowedGrouping.Seconds(), 1,
			fmt.Sprintf("%s with a filter on type", many.grouping.Round(10*time.Microsecond))),
		compare("group 1,000,000 records, allocations ÷ 1 per 1,000 records", allocations, million/1000, 1,
			fmt.Sprintf("%.0f allocations in all", allocations)),
		compare("memory per kept record ÷ 96 bytes", many.perRecord, allowedMemory, 1,
			fmt.Sprintf("%.1f bytes beside the texts; %.1f where each record brings a name of its own", many.perRecord, unique.perRecord)),
		compare("growth: grouping a record of 1,000,000 by user ÷ one of 1,000", many.perGrouped(), few.perGrouped(), goalGrowth,
			fmt.Sprintf("%.1f ns ÷ %.1f ns", many.perGrouped(), few.perGrouped())),
		compareTimes("growth: adding 64 records to 1,000,000 ÷ to 1,000", added[last], added[0], goalGrowth, ""),
	}, Tables: []table{growth(kept, added)}}, nil
}

// growth is how costs grow with what is kept.
func growth(kept []*simulated, added []time.Duration) table {
	t := table{
		Title: "As records become many",
		Remark: "One server's records. Both ways to group have a filter on type; whole chunks of records are summed by reason, account, server " +
			"and client once, while by user each record counts. Finding is for the newest 100 of a short time range in the middle.",
		Rows: [][]string{{
			"Kept records", "Group by reason, account", "By reason, user", "By user, per record", "Find 100", "Add 64", "Memory per record",
		}},
	}
	for i, s := range kept {
		t.Rows = append(t.Rows, []string{
			strconv.Itoa(s.size), s.summing.Round(time.Microsecond).String(),
			s.grouping.Round(time.Microsecond).String(), fmt.Sprintf("%.1f ns", s.perGrouped()),
			s.finding.Round(100 * time.Nanosecond).String(), added[i].Round(time.Microsecond).String(), fmt.Sprintf("%.1f bytes", s.perRecord),
		})
	}
	return t
}

// simulated is a ledger of one server that need not exist.
type simulated struct {
	ledger   *ledger.Ledger
	snapshot ledger.Snapshot
	name     func(int) string
	// size is how many stops there were to begin with, count how many by now.
	size, count int
	perRecord   float64
	// summing is how long grouping takes by what is summed already, grouping by
	// what is not, finding how long it takes to find a few.
	summing, grouping, finding time.Duration
}

// measure takes times; what is over soon is done many times over.
func (s *simulated) measure(rounds int) {
	perRun := func(work func(), times int) time.Duration {
		return processorTime(rounds, func() {
			for range times {
				work()
			}
		}) / time.Duration(times)
	}
	s.summing = perRun(func() { s.group(fields.KeyAccount) }, million/s.size)
	s.grouping = perRun(func() { s.group(fields.KeyUser) }, million/s.size)
	s.finding = perRun(s.find, 100)
}

// perGrouped is how many nanoseconds grouping takes a record.
func (s *simulated) perGrouped() float64 { return float64(s.grouping) / float64(s.size) }

var began = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// when is the time of the i-th stop.
func when(i int) time.Time { return began.Add(time.Duration(i) * 10 * time.Millisecond) }

func simulate(count int, name func(int) string) (*simulated, error) {
	ledger, err := newLedger(ledger.Limits{Age: 1000 * time.Hour, Count: 2 * count})
	if err != nil {
		return nil, err
	}
	s := &simulated{ledger: ledger, name: name, size: count}
	before := heap()
	for s.count < count {
		s.add(min(batch, count-s.count))
	}
	texts := 0
	distinct := map[string]bool{}
	for i := range count {
		if text := name(i); !distinct[text] {
			distinct[text] = true
			texts += len(text)
		}
	}
	clear(distinct)
	s.perRecord = (heap() - before - float64(texts)) / float64(count)
	return s, nil
}

func heap() float64 {
	runtime.GC()
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	return float64(now.HeapAlloc)
}

func (s *simulated) add(more int) {
	fresh := make([]model.Stop, more)
	for i := range fresh {
		fresh[i] = s.stop(s.count + i)
	}
	s.count += more
	slices.Reverse(fresh)
	s.snapshot = s.ledger.Merge([]model.Reading{{
		Endpoint: "n1:8222", Ring: model.RingRead, Closed: fresh,
		Server: model.Server{ID: "n1", Name: "n1", Start: began, Now: when(s.count), Total: int64(s.count)},
	}})
}

// adding is a refresh with 64 new records.
func (s *simulated) adding() work { return just(func() error { s.add(smallPage); return nil }) }

// group counts by reason and another key, with one filter.
func (s *simulated) group(by fields.Key) {
	engine.Groups(s.snapshot, engine.Selection{
		Range:      model.TimeRange{From: began, To: when(s.count)},
		Where:      []fields.Condition{{Key: fields.KeyType, Match: fields.MatchOneOf([]string{"nats"})}},
		Classifier: reason.NewClassifier(nil),
	}, []fields.Key{fields.KeyReason, by})
}

// find gets the newest of a short time range in the middle.
func (s *simulated) find() {
	engine.Find(s.snapshot, engine.Selection{
		Range: model.TimeRange{From: when(s.count / 2), To: when(s.count/2 + 200)}, Classifier: reason.NewClassifier(nil),
	}, 100).First(100)
}

func (s *simulated) stop(i int) model.Stop {
	reasons := []string{"Client Closed", "Stale Connection", "Authentication Failure", "Read Error", "Slow Consumer (Pending Bytes)"}
	at, account := when(i), fmt.Sprintf("account-%d", i%20)
	return model.Stop{
		Reason: reasons[i*7%len(reasons)], At: at,
		Connection: model.Connection{
			ServerID: "n1", CID: uint64(i) + 1, Kind: "Client", Type: []string{"nats", "nats", "websocket"}[i%3],
			Lang: "go", Version: "1.55.0", Account: account, AccountID: account, User: "user of " + account,
			Name: s.name(i), IP: fmt.Sprintf("10.0.%d.%d", i%4, i%250), Port: 30_000 + i%30_000,
			Start: at.Add(-time.Duration(i%86_400) * time.Second), LastActivity: at.Add(-3 * time.Second), RTT: 350 * time.Microsecond,
			InMsgs: int64(i % 5000), OutMsgs: int64(i % 700), InBytes: int64(i % 5000 * 128), OutBytes: int64(i % 700 * 1024),
			PendingBytes: int64(i%5) * 1000, Subscriptions: int64(i % 9),
		},
	}
}

func sharedName(i int) string { return uniqueName(i % 2000) }

func uniqueName(i int) string { return fmt.Sprintf("billing-service-%010d-x2x4z", i) }

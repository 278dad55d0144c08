package ledger_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// kept are how many records a benchmark is about.
var kept = []int{1_000, 10_000, 100_000, 1_000_000}

// BenchmarkMerge is a refresh with 64 new records.
func BenchmarkMerge(b *testing.B) {
	for _, count := range kept {
		b.Run(fmt.Sprintf("kept=%d", count), func(b *testing.B) {
			many := testledger.NewMany(b, count, testledger.SharedName)
			for b.Loop() {
				if many.Count > 2*count {
					b.StopTimer()
					many = testledger.NewMany(b, count, testledger.SharedName)
					b.StartTimer()
				}
				many.Add(64)
			}
		})
	}
}

// BenchmarkMemory weighs what is kept, beside the texts of names.
func BenchmarkMemory(b *testing.B) {
	for what, name := range map[string]func(int) string{"shared": testledger.SharedName, "unique": testledger.UniqueName} {
		for _, count := range kept {
			b.Run(fmt.Sprintf("names=%s/kept=%d", what, count), func(b *testing.B) {
				var perRecord float64
				for b.Loop() {
					before := heap()
					many := testledger.NewMany(b, count, name)
					perRecord = (heap() - before - float64(many.TextBytes())) / float64(count)
					runtime.KeepAlive(many)
				}
				b.ReportMetric(perRecord, "B/record")
			})
		}
	}
}

// BenchmarkShortLived weighs a process that closed 20 clients and was replaced.
func BenchmarkShortLived(b *testing.B) {
	const processes = 1000
	var each float64
	for b.Loop() {
		before := heap()
		apps, err := app.NewNamer(nil)
		if err != nil {
			b.Fatal(err)
		}
		l := ledger.New(ledger.DefaultLimits(), apps)
		var s ledger.Snapshot
		now := testledger.Noon
		for i := range processes {
			n1 := testledger.NewRing(fmt.Sprintf("ID%d", i), "n1", 100)
			n1.Start, n1.Now = now, now
			n1.Close(20)
			now = n1.Now.Add(time.Second)
			s = l.Merge([]model.Reading{n1.Read()})
		}
		each = (heap() - before) / processes
		runtime.KeepAlive(l)
		runtime.KeepAlive(s)
	}
	b.ReportMetric(each, "B/process")
}

func heap() float64 {
	runtime.GC()
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	return float64(now.HeapAlloc)
}

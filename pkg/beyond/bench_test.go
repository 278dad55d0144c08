package beyond

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/history/block"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/clock"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// BenchmarkGroups is a question about all that a stream of a million records has,
// by reason and account: for the first time, and again. With BEYOND_MILLIONS=10 it is
// of ten million.
func BenchmarkGroups(b *testing.B) {
	benchBlocks := 1000
	if text := os.Getenv("BEYOND_MILLIONS"); text != "" {
		millions, err := strconv.Atoi(text)
		if err != nil {
			b.Fatal(err)
		}
		benchBlocks *= millions
	}
	span := 22 * time.Hour
	step := 3 * span / time.Duration(benchBlocks*block.MaxRecords)
	w := newWorld(b)
	w.past.perChunk = perChunk
	w.written()
	js := w.stream.Streams(b)
	begin := time.Now().Add(-span).UTC()
	for n := range benchBlocks {
		id, last := fmt.Sprint("N", n%3), uint64(n/3+1)*block.MaxRecords
		at := func(cid uint64) time.Time { return begin.Add(time.Duration(cid) * step) }
		one := &block.Block{Writer: "w", Written: int64(last), Standing: ledger.Standing{
			Server: model.Server{ID: id, Name: id, Start: begin, Now: at(last), Total: int64(last)},
			Clock:  clock.Clock{Told: begin}, Clients: int64(last), RingSize: 10_000, FirstReadAt: begin, OldestAtFirst: begin,
		}}
		for cid := last; cid > last-block.MaxRecords; cid-- {
			one.Stops = append(one.Stops, model.Stop{At: at(cid), ServerAt: at(cid), Reason: reasons[cid%3], Connection: model.Connection{
				ServerID: id, CID: cid, Account: fmt.Sprint("A", cid%20), Name: fmt.Sprintf("billing-service-pod-%08x", cid), Start: begin, LastActivity: at(cid),
				Profile: model.Profile{Kind: "Client", Type: "nats", Lang: "go", Version: "1.55.0"},
			}})
		}
		data, err := block.Encode(nil, one, false)
		if err == nil {
			_, err = js.Publish(b.Context(), w.config.Prefix+"."+id, data)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	w.read()
	selection := engine.Selection{Range: w.ever(), Classifier: reason.NewClassifier(nil)}
	selection.Range.From = begin.Add(-time.Hour)
	ask := func(b *testing.B, text string) {
		a := w.past.Ask(b.Context(), &w.snapshot, w.apps)
		total := int64(0)
		for _, g := range a.Groups(Question{Text: text}, selection, []fields.Key{fields.KeyReason, fields.KeyAccount}) {
			total += g.Count
		}
		if total != int64(benchBlocks*block.MaxRecords) {
			b.Fatalf("%d are counted: %+v", total, a.State())
		}
	}
	b.Run("first", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			w.past.rest()
			ask(b, fmt.Sprint(n))
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapInuse)/1e6, "MB-in-use")
		b.ReportMetric(float64(m.Sys-m.HeapReleased)/1e6, "MB-at-most")
	})
	b.Run("again", func(b *testing.B) {
		ask(b, "again")
		for b.Loop() {
			ask(b, "again")
		}
	})
}

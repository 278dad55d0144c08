package beyond

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
	"weak"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/history"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
)

// world are servers, one who reads them and keeps little, and the truth.
type world struct {
	t        testing.TB
	stream   *testnats.Server
	config   history.Config
	apps     *app.Namer
	ledger   *ledger.Ledger
	history  *history.History
	past     *Past
	rings    []*testledger.Ring
	snapshot ledger.Snapshot
	truth    []model.Stop
	reads    int
}

// few is what memory keeps.
var few = ledger.Limits{Age: 24 * time.Hour, Count: 1000}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, stream: testnats.StartWithStreams(t, nil)}
	w.config = history.Config{
		NATS: natslink.Config{Servers: []string{w.stream.ClientURL}}, Stream: "STOPS", Prefix: "what.stopped", Write: true, Create: true, Age: 24 * time.Hour,
	}
	var err error
	if w.apps, err = app.NewNamer(nil); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		ring := testledger.NewRing(fmt.Sprint("ID", i), fmt.Sprint("n", i), 400)
		ring.Start = time.Now().Add(-5 * time.Hour).UTC().Round(0)
		ring.Now = ring.Start
		w.rings = append(w.rings, ring)
	}
	w.begin()
	return w
}

// begin is the start of a process.
func (w *world) begin() {
	w.t.Helper()
	w.ledger = ledger.New(few, w.apps)
	var err error
	if w.history, err = history.Open(w.t.Context(), httpclient.Options{}, w.config, w.ledger); err != nil {
		w.t.Fatal(err)
	}
	of := w.history
	w.t.Cleanup(func() {
		of.Close()
		<-of.Ended()
	})
	w.history.Await(w.t.Context())
	w.past = New(w.history)
	// Chunks of four blocks.
	w.past.perChunk = 1
}

var reasons = []string{"Client Closed", "Stale Connection", "Slow Consumer (Pending Bytes)"}

// stop has a server close so many, and read.
func (w *world) stop(ring *testledger.Ring, many int) {
	ring.CloseAs(many, "Client", reasons[rand.IntN(len(reasons))])
	w.truth = append(w.truth, ring.Records[len(ring.Records)-many:]...)
	w.read()
}

// stopMany has one server close twice as many as memory keeps.
func (w *world) stopMany() {
	for range 8 {
		w.stop(w.rings[0], 280)
	}
}

func (w *world) read() {
	var readings []model.Reading
	for _, r := range w.rings {
		readings = append(readings, r.Read())
	}
	w.snapshot = w.ledger.Merge(readings)
}

func (w *world) written() {
	w.t.Helper()
	testnats.Until(w.t, "what waits to be written", func() bool { return w.history.State().Waiting == 0 })
}

// asked counts what is read of the stream.
func (w *world) ask(ctx context.Context) *Asked {
	a := w.past.Ask(ctx, &w.snapshot, w.apps)
	if a.from != nil {
		a.from = counting{a.from, &w.reads}
	}
	return a
}

type counting struct {
	source
	reads *int
}

func (c counting) Each(ctx context.Context, from, before uint64, take func(history.Entry)) error {
	*c.reads++
	return c.source.Each(ctx, from, before, take)
}

// sees holds each answer over a span against the truth.
func (w *world) sees(what string, span model.TimeRange) {
	w.t.Helper()
	classifier := reason.NewClassifier(nil)
	keys := []fields.Key{fields.KeyServer, fields.KeyReason}
	selection := engine.Selection{Range: span, Classifier: classifier}
	buckets := engine.NewBuckets(span, 7*time.Minute, false)
	groups, series := map[string]int64{}, map[string][]int64{}
	var rows []*model.Stop
	for i := range w.truth {
		s := &w.truth[i]
		name := s.ServerID[2:] + s.Reason
		if bucket, in := buckets.At(s.At); in && s.At.Before(span.To) {
			if series[name] == nil {
				series[name] = make([]int64, buckets.Count)
			}
			series[name][bucket]++
		}
		if !s.At.Before(span.From) && s.At.Before(span.To) {
			groups[name]++
			rows = append(rows, s)
		}
	}
	nameOf := func(g engine.Group) string { return g.Labels[0].Value[1:] + g.Labels[1].Value }
	// What is kept are sums, not what was read just now.
	w.past.recent = nil
	a := w.ask(w.t.Context())
	selection.Further = a.Groups(Question{Text: "groups"}, selection, keys)
	total := 0
	for _, g := range engine.Groups(w.snapshot, selection, keys) {
		if g.Count != groups[nameOf(g)] {
			w.t.Errorf("%s: %d of %s, want %d", what, g.Count, nameOf(g), groups[nameOf(g)])
		}
		total += int(g.Count)
	}
	if total != len(rows) {
		w.t.Errorf("%s: %d stops, want %d", what, total, len(rows))
	}
	stops := fields.MeasureOf("stops")
	wide := selection
	wide.Range.From = buckets.Time(0)
	wide.Further = nil
	wide.Further = a.Series(Question{Text: "series"}, wide, keys, buckets, stops)
	shown, _ := engine.Series(w.snapshot, wide, keys, buckets, stops, engine.Limit{Most: 5, Size: engine.SizeBy("stops")})
	for _, g := range shown {
		if want := series[nameOf(g)]; !g.Folded && g.Count > 0 && !slices.Equal(g.Series, want) {
			w.t.Errorf("%s: series of %s:\n%v, want\n%v", what, nameOf(g), g.Series, want)
		}
	}
	const most = 300
	byCID := Order{Number: func(s *model.Stop) int64 { return int64(s.CID * 7919 % 1000) }}
	for name, order := range map[string]Order{"newest": {}, "by a number": byCID} {
		selection.Further = nil
		further, more := a.Rows(Question{Text: name}, selection, order, most)
		found := engine.Find(w.snapshot, selection, 1<<30)
		all := slices.Concat(found.First(1<<30), further)
		slices.SortStableFunc(all, order.Compare)
		slices.SortStableFunc(rows, order.Compare)
		if found.Len()+more != len(rows) {
			w.t.Errorf("%s: %d rows, want %d", what, found.Len()+more, len(rows))
		}
		for i := range min(most, len(rows)) {
			if got, want := all[i], rows[i]; !got.At.Equal(want.At) && order.Number == nil || order.Number != nil && order.Number(got) != order.Number(want) {
				w.t.Errorf("%s: row %d by %s is %s %d, want %s %d", what, i, name, got.ServerID, got.CID, want.ServerID, want.CID)
				break
			}
		}
	}
	if state := a.State(); !state.Whole() {
		w.t.Errorf("%s: %+v", what, state)
	}
}

// ever is all that there is.
func (w *world) ever() model.TimeRange {
	return model.TimeRange{From: w.rings[0].Start.Add(-time.Hour), To: time.Now().Add(time.Hour)}
}

// TestMuchMoreThanMemoryHoldsIsCounted: each stop once, in every span, whatever is
// evicted and written in between.
func TestMuchMoreThanMemoryHoldsIsCounted(t *testing.T) {
	w := newWorld(t)
	for round := range 4 {
		for range 15 {
			w.stop(w.rings[rand.IntN(2)], 1+rand.IntN(280))
		}
		// One of them is quiet, and all that it told stays in memory.
		w.stop(w.rings[2], 3)
		if round%2 == 0 {
			w.written()
		}
		w.sees(fmt.Sprint("round ", round), w.ever())
		before := w.reads
		w.sees(fmt.Sprint("round ", round, ", again"), w.ever())
		if w.reads != before {
			t.Errorf("round %d: %d chunks were read again", round, w.reads-before)
		}
		for range 4 {
			span := model.TimeRange{From: w.truth[rand.IntN(len(w.truth))].At, To: w.truth[rand.IntN(len(w.truth))].At.Add(time.Second)}
			if span.From.Before(span.To) {
				w.sees(fmt.Sprint("round ", round, ", of ", span), span)
			}
		}
	}
	if held, all := testledger.Count(w.snapshot), len(w.truth); held > 1000 || all < 5000 {
		t.Fatalf("%d of %d are in memory", held, all)
	}
	for _, s := range w.ask(t.Context()).Servers(w.ever().From) {
		if len(s.Coverage.Gaps) > 0 {
			t.Errorf("%s has gaps: %+v", s.Label, s.Coverage.Gaps)
		}
	}
	// What a start has in memory is less, and all together the same.
	w.written()
	w.begin()
	w.read()
	w.sees("after a start", w.ever())
	w.stop(w.rings[0], 100)
	w.sees("after a start, and more", w.ever())
}

// TestTheSameIsAskedByManyAtOnce: what is kept of the sums is one asker's at a time.
func TestTheSameIsAskedByManyAtOnce(t *testing.T) {
	w := newWorld(t)
	w.stopMany()
	w.written()
	selection := engine.Selection{Range: w.ever(), Classifier: reason.NewClassifier(nil)}
	missing := len(w.truth) - testledger.Count(w.snapshot)
	var many sync.WaitGroup
	for i := range 8 {
		many.Go(func() {
			for most := 10; most < 100; most += 10 {
				rows, total := w.past.Ask(t.Context(), &w.snapshot, w.apps).Rows(Question{Text: "rows"}, selection, Order{}, most)
				if total != missing || len(rows) != most {
					t.Errorf("asker %d: %d rows of %d, want %d of %d", i, len(rows), total, most, missing)
				}
			}
		})
	}
	many.Wait()
}

// TestAFaultOfOneAskerIsNoneOfTheNext: who fails while it is its turn gives it back.
func TestAFaultOfOneAskerIsNoneOfTheNext(t *testing.T) {
	w := newWorld(t)
	w.stopMany()
	w.written()
	by, selection := Question{Text: "groups"}, engine.Selection{Range: w.ever(), Classifier: reason.NewClassifier(nil)}
	err := guard.Run(t.Context(), "an evaluation", func() {
		w.ask(t.Context()).walk(by, selection.Range, func(ledger.Snapshot, model.TimeRange) *answer { panic("a fault") }, func(*answer) {}, func() {})
	})
	if err == nil {
		t.Fatal("nothing failed")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	a := w.ask(ctx)
	total := int64(0)
	for _, g := range a.Groups(by, selection, nil) {
		total += g.Count
	}
	if want := len(w.truth) - testledger.Count(w.snapshot); total != int64(want) || !a.State().Whole() {
		t.Errorf("%d are counted, want %d: %+v", total, want, a.State())
	}
}

// TestNobodyWaitsForAStreamThatIsAway: what is not written there is told.
func TestNobodyWaitsForAStreamThatIsAway(t *testing.T) {
	w := newWorld(t)
	w.stop(w.rings[0], 280)
	w.written()
	w.stream.Close()
	w.stopMany()
	if state := w.ask(t.Context()).State(); state.Waiting == 0 || state.Err == nil || state.Whole() {
		t.Errorf("%+v", state)
	}
}

// TestRecordsAreAtHandForAWhile: nothing is left of them once nobody asks, and what is
// asked then is read again.
func TestRecordsAreAtHandForAWhile(t *testing.T) {
	w := newWorld(t)
	w.stopMany()
	w.written()
	selection := engine.Selection{Range: w.ever(), Classifier: reason.NewClassifier(nil)}
	w.ask(t.Context()).Groups(Question{Text: "one"}, selection, nil)
	read := w.reads
	w.ask(t.Context()).Groups(Question{Text: "another"}, selection, nil)
	if len(w.past.recent) == 0 || w.reads != read {
		t.Fatalf("%d are at hand, and %d chunks were read again", len(w.past.recent), w.reads-read)
	}
	w.past.idle.Reset(0)
	testnats.Until(t, "nothing to be at hand", func() bool {
		w.past.mu.Lock()
		defer w.past.mu.Unlock()
		return w.past.recent == nil
	})
	w.ask(t.Context()).Groups(Question{Text: "a third"}, selection, nil)
	if w.reads != 2*read {
		t.Errorf("%d chunks were read, want %d", w.reads, 2*read)
	}
}

// TestRecordsAreGivenBack: what is known of a chunk is kept without its records.
func TestRecordsAreGivenBack(t *testing.T) {
	w := newWorld(t)
	w.stopMany()
	w.written()
	w.sees("everything", w.ever())
	var records []weak.Pointer[loaded]
	for _, l := range w.past.recent {
		records = append(records, weak.Make(l))
	}
	if len(records) == 0 {
		t.Fatal("nothing was read")
	}
	w.past.rest()
	runtime.GC()
	for _, one := range records {
		if one.Value() != nil {
			t.Error("records are still kept")
		}
	}
}

// TestWhatTakesLongIsReadOn: it is said how far it is, what is counted until then is
// right, and the next one reads the rest alone.
func TestWhatTakesLongIsReadOn(t *testing.T) {
	w := newWorld(t)
	for range 14 {
		w.stop(w.rings[0], 280)
		w.written()
	}
	selection := engine.Selection{Range: w.ever(), Classifier: reason.NewClassifier(nil)}
	count := func(ctx context.Context, most int) (*Asked, int64) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		a := w.ask(ctx)
		a.from = stopping{a.from, &most, stop}
		counted := int64(testledger.Count(w.snapshot))
		for _, g := range a.Groups(Question{}, selection, nil) {
			counted += g.Count
		}
		return a, counted
	}
	a, some := count(t.Context(), 2)
	state, late := a.State(), int64(0)
	for i := range w.truth {
		if !w.truth[i].At.Before(state.Back) {
			late++
		}
	}
	if state.Whole() || some < late || some >= int64(len(w.truth)) || !state.To.Equal(selection.Range.From) || state.Err != nil {
		t.Errorf("%d of %d are counted, %d are since then: %+v", some, len(w.truth), late, state)
	}
	w.reads, w.past.recent = 0, nil
	a, all := count(t.Context(), 1000)
	if !a.State().Whole() || all != int64(len(w.truth)) {
		t.Errorf("%d of %d are counted: %+v", all, len(w.truth), a.State())
	}
	if chunks := len(a.visited); w.reads != chunks-2 || chunks < 4 {
		t.Errorf("%d of %d chunks were read", w.reads, chunks)
	}
}

// stopping ends after so many reads.
type stopping struct {
	source
	left *int
	stop func()
}

func (s stopping) Each(ctx context.Context, from, before uint64, take func(history.Entry)) error {
	if *s.left--; *s.left < 0 {
		s.stop()
		return ctx.Err()
	}
	return s.source.Each(ctx, from, before, take)
}

// TestPiecesStayAsTheyAre: they leave nothing out, and what is read anew for each
// message that comes is little.
func TestPiecesStayAsTheyAre(t *testing.T) {
	const most, messages = 64, 10_000
	known, read := map[piece]bool{}, uint64(0)
	for last := uint64(1); last <= messages; last++ {
		for end := last + 1; end > 1; {
			of := pieceBefore(end, most)
			if of.first >= end || of.end != end || of.end-of.first > most {
				t.Fatalf("%+v before %d", of, end)
			}
			if !known[of] {
				known[of] = true
				read += of.end - of.first
			}
			end = of.first
		}
	}
	if read > 8*messages {
		t.Errorf("%d messages are read of %d", read, messages)
	}
}

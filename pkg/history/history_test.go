package history

import (
	"context"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/history/block"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
)

// process is what a plugin process has of one data source.
type process struct {
	*History
	ledger *ledger.Ledger
	// ahead is how much its clock is.
	ahead atomic.Int64
}

// Whatever they are called.
const (
	streamName = "STOPS"
	subjects   = "what.stopped"
)

func configFor(s *testnats.Server) Config {
	return Config{
		NATS: natslink.Config{Servers: []string{s.ClientURL}}, Stream: streamName, Prefix: subjects,
		Write: true, Create: true, Age: 24 * time.Hour,
	}
}

// begin is the start of a process; clocks begin at noon.
func begin(t testing.TB, cfg Config) *process {
	t.Helper()
	apps, err := app.NewNamer(nil)
	if err != nil {
		t.Fatal(err)
	}
	p, began := &process{}, time.Now()
	p.ledger = ledger.NewAt(ledger.DefaultLimits(), apps, func() time.Time { return began.Add(time.Duration(p.ahead.Load())) })
	if p.History, err = Open(t.Context(), httpclient.Options{}, cfg, p.ledger); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	return p
}

// read is a read of all servers, behind the past.
func (p *process) read(t testing.TB, rings ...*testledger.Ring) ledger.Snapshot {
	t.Helper()
	p.Await(t.Context())
	var readings []model.Reading
	for _, r := range rings {
		readings = append(readings, r.Read())
	}
	return p.ledger.Merge(readings)
}

// later has its clock go on.
func (p *process) later(by time.Duration) { p.ahead.Add(int64(by)) }

// end ends in order, kill does not wait for what is not written.
func (p *process) end(t testing.TB) {
	t.Helper()
	p.Close()
	select {
	case <-p.Ended():
	case <-time.After(time.Minute):
		t.Fatal("it does not end")
	}
}

func (p *process) kill() {
	p.link.Close()
	p.Close()
	<-p.Ended()
}

// written waits until nothing waits to be written.
func (p *process) written(t testing.TB) {
	t.Helper()
	testnats.Until(t, "what waits to be written", func() bool { return len(p.pending.waiting()) == 0 })
}

// write writes that many blocks of eight stops each.
func (p *process) write(t testing.TB, n1 *testledger.Ring, blocks int) {
	t.Helper()
	for range blocks {
		n1.Close(8)
		p.read(t, n1)
		p.written(t)
	}
}

// ring is a server whose clock is ours.
func ring(id, name string, size int) *testledger.Ring {
	r := testledger.NewRing(id, name, size)
	r.Start = time.Now().Add(-time.Hour).UTC().Round(0)
	r.Now = r.Start
	return r
}

func same(t testing.TB, what string, got, want ledger.Snapshot) {
	t.Helper()
	for i := range want.Servers {
		if g, w := got.Servers[i].Coverage, want.Servers[i].Coverage; !reflect.DeepEqual(g, w) {
			t.Errorf("%s: coverage of %s:\n%+v, want\n%+v", what, want.Servers[i].Label, g, w)
		}
	}
	g, w := testledger.Everything(got), testledger.Everything(want)
	if !slices.EqualFunc(g, w, func(a, b *model.Stop) bool { return *a == *b }) {
		t.Errorf("%s: %d stops, want %d", what, len(g), len(w))
	}
	if !slices.Equal(got.Lives, want.Lives) {
		t.Errorf("%s: lives\n%+v, want\n%+v", what, got.Lives, want.Lives)
	}
}

// TestARestartForgetsNothing: neither records nor coverage, though the ring is small.
func TestARestartForgetsNothing(t *testing.T) {
	cfg := configFor(testnats.StartWithStreams(t, nil))
	n1, n2 := ring("ID1", "n1", 20), ring("ID2", "n2", 3000)
	lived, first := begin(t, cfgWithout(cfg)), begin(t, cfg)
	n2.Close(2500)
	both := func(p *process) (got, want ledger.Snapshot) {
		return p.read(t, n1, n2), lived.read(t, n1, n2)
	}
	for range 5 {
		n1.Close(15)
		both(first)
	}
	n1.Close(50)
	both(first)
	n1.Close(3)
	both(first)
	first.end(t)
	second := begin(t, cfg)
	got, want := both(second)
	same(t, "after a start", got, want)
	n1.Close(7)
	n3 := ring("ID3", "n1", 20)
	n3.Start, n3.Now = n1.Now.Add(time.Second), n1.Now.Add(time.Second)
	n3.Close(4)
	n1 = n3
	both(second)
	second.written(t)
	second.kill()
	third := begin(t, cfg)
	got, want = both(third)
	same(t, "after another, and a restart of a server", got, want)
	third.end(t)
}

// driven is a process whose worker the test drives.
func driven(t *testing.T, cfg Config) *process {
	t.Helper()
	p := begin(t, cfg)
	p.again(t)
	if err := p.recall(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p
}

// again looks at the stream anew.
func (p *process) again(t testing.TB) {
	t.Helper()
	p.view = nil
	testnats.Until(t, "the stream", func() bool { return p.look(t.Context()) == nil })
}

// learns has the ledger read servers, puts has the worker write what waits.
func (p *process) learns(rings ...*testledger.Ring) {
	for _, r := range rings {
		p.ledger.Merge([]model.Reading{r.Read()})
	}
}

func (p *process) puts(t testing.TB) {
	t.Helper()
	if err := p.put(t.Context(), p.pending.waiting()); err != nil {
		t.Fatal(err)
	}
}

// inStream is how often each record of a server process is in the stream.
func inStream(t testing.TB, s *testnats.Server, cfg Config, id string) map[uint64]int {
	t.Helper()
	times := map[uint64]int{}
	for _, one := range blocks(t, s, cfg) {
		for i := range one.Stops {
			if one.Server.ID == id {
				times[one.Stops[i].CID]++
			}
		}
	}
	return times
}

// cfgWithout is of a stream of its own, which nothing was written to.
func cfgWithout(cfg Config) Config {
	cfg.Stream, cfg.Prefix = cfg.Stream+"_OTHER", cfg.Prefix+".other"
	return cfg
}

// blocks are those of the stream, in order.
func blocks(t testing.TB, s *testnats.Server, cfg Config) []block.Block {
	t.Helper()
	stream, err := s.Streams(t).Stream(t.Context(), cfg.Stream)
	if err != nil {
		t.Fatal(err)
	}
	var all []block.Block
	last := stream.CachedInfo().State.LastSeq
	for sequence := stream.CachedInfo().State.FirstSeq; sequence <= last && last > 0; sequence++ {
		m, err := stream.GetMsg(context.Background(), sequence)
		if err != nil {
			continue
		}
		if b, err := block.Decode(m.Data); err == nil {
			all = append(all, b)
		}
	}
	return all
}

// TestTwoWritersWriteEachRecordOnce, whoever comes first, and each of them tells
// everything to who listens, once.
func TestTwoWritersWriteEachRecordOnce(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := configFor(s)
	n1 := ring("ID1", "n1", 2000)
	a, b := begin(t, cfg), begin(t, cfg)
	heard := [2]map[uint64]int{{}, {}}
	for i, p := range []*process{a, b} {
		p.ledger.Subscribe(func(n ledger.News) {
			for _, stop := range n.Rings[0].Stops {
				heard[i][stop.CID]++
			}
		})
	}
	for range 6 {
		n1.Close(100)
		a.read(t, n1)
		n1.Close(100)
		b.read(t, n1)
		// Less than either gathers, so that both have some of each server's news to write.
		time.Sleep(gatherFor / 3)
	}
	got, want := a.read(t, n1), b.read(t, n1)
	same(t, "of one and the other", got, want)
	a.end(t)
	b.end(t)
	times := map[uint64]int{}
	for _, one := range blocks(t, s, cfg) {
		for i := range one.Stops {
			times[one.Stops[i].CID]++
		}
	}
	for cid := uint64(1); cid <= 1200; cid++ {
		if times[cid] != 1 || heard[0][cid] != 1 || heard[1][cid] != 1 {
			t.Errorf("%d is there %d times, and told %d and %d times", cid, times[cid], heard[0][cid], heard[1][cid])
		}
	}
	if len(times) != 1200 {
		t.Errorf("%d records", len(times))
	}
}

// TestAnAccountAndTheSystemSeeNothingOfEachOther, though they share a stream.
func TestAnAccountAndTheSystemSeeNothingOfEachOther(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	system, tenant := configFor(s), configFor(s)
	tenant.Account = true
	n1 := ring("ID1", "n1", 100)
	n1.Close(5)
	for i, cfg := range []Config{system, tenant} {
		p := begin(t, cfg)
		if i == 1 {
			// It sees others.
			n1 = ring("ID1", "n1", 100)
			n1.Close(2)
		}
		if got := testledger.Count(p.read(t, n1)); got != 5-3*i {
			t.Errorf("%d stops, account %v", got, cfg.Account)
		}
		p.written(t)
		p.end(t)
	}
	for i, cfg := range []Config{system, tenant} {
		if got := testledger.Count(begin(t, cfg).read(t)); got != 5-3*i {
			t.Errorf("%d stops after a start, account %v", got, cfg.Account)
		}
	}
}

// TestAStartAddsWhatIsNew, once: what was read back of others is none.
func TestAStartAddsWhatIsNew(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := configFor(s)
	n1, n2 := ring("ID1", "n1", 10), ring("ID2", "n2", 10)
	p := begin(t, cfg)
	p.write(t, n1, 2)
	p.write(t, n2, 2)
	p.end(t)
	before := len(blocks(t, s, cfg))
	q := begin(t, cfg)
	n1.Close(1)
	q.read(t, n1)
	q.written(t)
	q.end(t)
	if after := len(blocks(t, s, cfg)); after != before+1 {
		t.Errorf("%d blocks, %d before", after, before)
	}
}

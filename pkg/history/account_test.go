package history

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/natsops/nats-connections-datasource/internal/simulate"
	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// TestEveryRecordIsAccountedFor: whatever writers of one stream read, write, have no room
// for and forget in whatever order, while a ring turns over, blocks are erased and the stream
// is made anew, nothing is written twice, and each of them, and who starts then, knows each
// record or tells that it is missing, once.
func TestEveryRecordIsAccountedFor(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	simulate.Rounds(t, 4*time.Second, func(seed uint64) { simulateWriters(t, s, seed) })
}

// writers share one stream, and read one server.
type writers struct {
	*rand.Rand
	t       *testing.T
	cfg     Config
	streams jetstream.JetStream
	ring    *testledger.Ring
	all     []*process
	seed    uint64
	// harmed: blocks were deleted.
	harmed bool
}

func simulateWriters(t *testing.T, s *testnats.Server, seed uint64) {
	t.Helper()
	w := writers{Rand: rand.New(rand.NewPCG(seed, 4)), t: t, cfg: configFor(s), streams: s.Streams(t), seed: seed}
	w.cfg.Stream, w.cfg.Prefix = fmt.Sprintf("S%d", seed), fmt.Sprintf("s%d", seed)
	w.cfg.Backlog = [...]int{0, 8 * stopSize, 20 * stopSize}[w.IntN(3)]
	w.ring = ring("ID1", "n1", 5+w.IntN(15))
	for range 1 + w.IntN(3) {
		w.all = append(w.all, driven(t, w.cfg))
	}
	for range 8 + w.IntN(25) {
		w.step()
	}
	w.settle()
	for _, p := range w.all {
		p.puts(t)
	}
	w.ring.Close(1)
	for _, p := range w.all {
		p.learns(w.ring)
		p.puts(t)
	}
	w.settle()
	for i, p := range w.all {
		w.accountsFor(fmt.Sprintf("writer %d", i), p)
		p.kill()
	}
	for cid, many := range inStream(t, s, w.cfg, "ID1") {
		if many != 1 {
			t.Errorf("seed %d: %d is written %d times", seed, cid, many)
		}
	}
	w.ring.Records = nil
	next := driven(t, w.cfg)
	next.learns(w.ring)
	w.accountsFor("who starts then", next)
	next.kill()
	w.remove()
}

// remove deletes the stream.
func (w *writers) remove() {
	w.harmed = true
	if err := w.streams.DeleteStream(w.t.Context(), w.cfg.Stream); err != nil {
		w.t.Fatal(err)
	}
}

// erase deletes one of the blocks.
func (w *writers) erase() {
	w.harmed = true
	stream, err := w.streams.Stream(w.t.Context(), w.cfg.Stream)
	if err != nil {
		w.t.Fatal(err)
	}
	if in := stream.CachedInfo().State; in.Msgs > 0 {
		// It may be deleted already.
		_ = stream.DeleteMsg(w.t.Context(), in.FirstSeq+w.Uint64N(in.LastSeq-in.FirstSeq+1))
	}
}

func (w *writers) step() {
	i := w.IntN(len(w.all))
	switch p := w.all[i]; w.IntN(12) {
	case 0, 1:
		w.ring.Close(1 + w.IntN(6))
	case 2:
		w.ring.Close(1 + w.IntN(30))
	case 3, 4, 5, 6:
		p.learns(w.ring)
	case 7, 8:
		p.puts(w.t)
	case 9:
		w.erase()
	case 10:
		w.remove()
		for _, p := range w.all {
			p.again(w.t)
		}
	default:
		p.kill()
		w.all[i] = driven(w.t, w.cfg)
	}
}

// settle reads until nothing is in doubt.
func (w *writers) settle() {
	for range 4 {
		w.ring.Wait(2 * time.Second)
		for _, p := range w.all {
			p.learns(w.ring)
		}
	}
}

func (w *writers) accountsFor(who string, p *process) {
	w.t.Helper()
	idle := w.ring.Read()
	idle.Ring, idle.Closed = model.RingNotAsked, nil
	snapshot := p.ledger.Merge([]model.Reading{idle})
	c := snapshot.Servers[0].Coverage
	known, told := int64(testledger.Count(snapshot)), lost(snapshot)+c.EvictedBefore
	// What is older than a history that begins later is not said to be known.
	if whole := !c.Since.After(w.ring.Start); whole && known+told != w.ring.Total() || !w.harmed && known+told > w.ring.Total() {
		w.t.Errorf("seed %d, %s: %d stops are known and %d told to be missing, of %d: %+v", w.seed, who, known, told, w.ring.Total(), c)
	}
}

package history

import (
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/nats-io/nats-server/v2/server"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/advised"
)

// turnOn has a history of what the process knows be kept from now on, and ends the other.
func (p *process) turnOn(t testing.TB, cfg Config) {
	t.Helper()
	p.end(t)
	next, err := Open(t.Context(), httpclient.Options{}, cfg, p.ledger)
	if err != nil {
		t.Fatal(err)
	}
	p.History = next
}

// open is the same, and waits until what is known is written.
func (p *process) open(t testing.TB, cfg Config) {
	t.Helper()
	p.turnOn(t, cfg)
	p.Await(t.Context())
	p.written(t)
}

// lost is how many records a snapshot says are missing of its first server.
func lost(s ledger.Snapshot) (count int64) {
	for _, gap := range s.Servers[0].Coverage.Gaps {
		count += gap.Lost
	}
	return count
}

// TestAHistoryBeginsWithWhatIsKnown: whoever turns it on later finds all of it after a
// restart, once.
func TestAHistoryBeginsWithWhatIsKnown(t *testing.T) {
	for name, test := range map[string]struct {
		// before and between are how many blocks are written, and rounds go on without.
		before, without int
		backlog         int
		complete        bool
	}{
		"never kept before":        {0, 3, 0, true},
		"not kept for a while":     {2, 3, 0, true},
		"more than there is room":  {0, 3, 10 * stopSize, false},
		"more, and kept before":    {2, 3, 10 * stopSize, false},
		"kept before, nothing new": {2, 0, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			stream := testnats.StartWithStreams(t, nil)
			cfg, n1 := configFor(stream), ring("ID1", "n1", 10)
			silent := cfgWithout(cfg)
			p := begin(t, cfg)
			p.write(t, n1, test.before)
			p.open(t, silent)
			for range test.without {
				n1.Close(8)
				p.read(t, n1)
			}
			cfg.Backlog = test.backlog
			p.open(t, cfg)
			n1.Close(8)
			p.read(t, n1)
			p.written(t)
			p.end(t)
			for cid, times := range inStream(t, stream, cfg, "ID1") {
				if times > 1 {
					t.Errorf("%d is written %d times", cid, times)
				}
			}
			next := begin(t, cfg)
			next.Await(t.Context())
			n1.Records = nil
			snapshot := next.read(t, n1)
			got, lacks := int64(testledger.Count(snapshot)), lost(snapshot)
			since := snapshot.Servers[0].Coverage.Since
			if test.complete && (got != n1.Total() || lacks != 0 || since.After(n1.Start)) {
				t.Errorf("%d stops of %d, %d lacking, since %s of %s", got, n1.Total(), lacks, since, n1.Start)
			}
			if !test.complete && (got >= n1.Total() || test.before > 0 && got+lacks != n1.Total() || test.before == 0 && !since.After(n1.Start)) {
				t.Errorf("%d stops of %d, %d lacking, since %s", got, n1.Total(), lacks, since)
			}
		})
	}
}

// TestAHistoryDoesNotBeginWithWhatNoRingShowed: it is in a stream already, and is written
// once a ring shows it.
func TestAHistoryDoesNotBeginWithWhatNoRingShowed(t *testing.T) {
	stream := testnats.StartWithStreams(t, nil)
	cfg, n1 := configFor(stream), ring("ID1", "n1", 10)
	p := begin(t, cfgWithout(cfg))
	n1.Close(3)
	p.read(t, n1)
	n1.Close(1)
	hidden := n1.Records[3]
	shown := n1.Records[:3]
	all := n1.Records
	n1.Records = shown
	p.ledger.Supplement([]advised.Stop{{Server: n1.Read().Server, Stop: hidden}})
	n1.Wait(time.Minute)
	if got := testledger.Count(p.read(t, n1)); got != 4 {
		t.Fatalf("%d stops are known", got)
	}
	p.open(t, cfg)
	if got := inStream(t, stream, cfg, "ID1"); len(got) != 3 || got[hidden.CID] != 0 {
		t.Fatalf("written: %v", got)
	}
	n1.Records = all
	n1.Wait(time.Minute)
	p.read(t, n1)
	p.written(t)
	if got := inStream(t, stream, cfg, "ID1"); len(got) != 4 || got[hidden.CID] != 1 {
		t.Fatalf("written: %v", got)
	}
}

// TestWhatIsErasedDoesNotComeBack with a save of the settings, though memory has it.
func TestWhatIsErasedDoesNotComeBack(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg, n1 := configFor(s), ring("ID1", "n1", 10)
	p := begin(t, cfg)
	p.write(t, n1, 2)
	stream, err := s.Streams(t).Stream(t.Context(), cfg.Stream)
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.DeleteMsg(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	p.reopen(t, cfg)
	p.write(t, n1, 1)
	onceInStream(t, s, cfg, 16)
}

// TestAHistoryBeginsOnceTheStreamIsThere, though settings are saved meanwhile.
func TestAHistoryBeginsOnceTheStreamIsThere(t *testing.T) {
	dir := t.TempDir()
	first := testnats.StartWithStreams(t, &server.Options{StoreDir: dir})
	cfg, n1 := configFor(first), ring("ID1", "n1", 10)
	p := begin(t, cfgWithout(cfg))
	n1.Close(8)
	p.read(t, n1)
	p.written(t)
	first.Close()
	p.turnOn(t, cfg)
	p.Await(t.Context())
	p.reopen(t, cfg)
	p.Await(t.Context())
	again := testnats.StartWithStreams(t, &server.Options{StoreDir: dir, Port: portOf(t, first)})
	p.write(t, n1, 1)
	onceInStream(t, again, cfg, 16)
}

// TestWhatIsLeftOutIsToldOnce by two who turn a history on, and know more than may wait.
func TestWhatIsLeftOutIsToldOnce(t *testing.T) {
	for name, turnOn := range map[string]func(t *testing.T, cfg Config, n1 *testledger.Ring, both []*process){
		"one after the other": func(t *testing.T, cfg Config, n1 *testledger.Ring, both []*process) {
			for _, p := range both {
				p.open(t, cfg)
			}
			// What is left out alone makes no block: the next news does.
			for _, p := range both {
				n1.Close(1)
				p.read(t, n1)
				p.written(t)
				p.end(t)
			}
		},
		"both at once": func(t *testing.T, cfg Config, _ *testledger.Ring, both []*process) {
			for _, p := range both {
				p.turnOn(t, cfg)
				p.again(t)
				if err := p.recall(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			for _, p := range both {
				p.puts(t)
				p.end(t)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := testnats.StartWithStreams(t, nil)
			cfg, n1 := configFor(s), ring("ID1", "n1", 100)
			both := []*process{begin(t, cfgWithout(cfg)), begin(t, cfgWithout(cfg))}
			n1.Close(40)
			for _, p := range both {
				p.read(t, n1)
				p.written(t)
			}
			cfg.Backlog = 10 * stopSize
			turnOn(t, cfg, n1, both)
			n1.Records = nil
			snapshot := begin(t, cfg).read(t, n1)
			if got, lacks := int64(testledger.Count(snapshot)), lost(snapshot); lacks != 0 || got == 0 || got == n1.Total() {
				t.Errorf("%d stops of %d, %d lacking since %s", got, n1.Total(), lacks, snapshot.Servers[0].Coverage.Since)
			}
		})
	}
}

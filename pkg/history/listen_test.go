package history

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

const capturedStream = "DISCONNECTS"

// capture has stops published as their server does.
func capture(t testing.TB, s *testnats.Server, r *testledger.Ring, stops ...model.Stop) {
	t.Helper()
	js := s.Streams(t)
	_, err := js.CreateOrUpdateStream(t.Context(), jetstream.StreamConfig{Name: capturedStream, Subjects: []string{"captured.>"}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range stops {
		stop := &stops[i]
		data, err := json.Marshal(map[string]any{
			"type":   "io.nats.server.advisory.v1.client_disconnect",
			"server": map[string]any{"id": r.ID, "name": r.Name, "ver": "2.15.2"},
			"client": map[string]any{"id": stop.CID, "acc": stop.AccountID, "kind": stop.Kind, "start": r.Start, "stop": stop.At, "name": "told"},
			"reason": stop.Reason,
		})
		if err == nil {
			_, err = js.Publish(t.Context(), "captured."+stop.AccountID+".DISCONNECT", data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func capturing(s *testnats.Server) Config {
	cfg := configFor(s)
	cfg.Captured = capturedStream
	return cfg
}

// TestWhatOthersCapturedIsShown, at a start and from then on, and is not written again.
func TestWhatOthersCapturedIsShown(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := capturing(s)
	n1 := ring("ID1", "n1", 10)
	n1.Close(5)
	capture(t, s, n1)
	p := begin(t, cfg)
	p.read(t, n1)
	p.written(t)
	p.end(t)
	// 15 stops leave the ring while nobody looks: 5 of them are captured.
	n1.Close(20)
	all := n1.Records
	n1.Close(5)
	capture(t, s, n1, all[5:]...)
	if _, err := s.Streams(t).Publish(t.Context(), "captured.noise", []byte("nonsense")); err != nil {
		t.Fatal(err)
	}
	q := begin(t, cfg)
	for range 3 {
		q.later(10 * time.Second)
		n1.Wait(10 * time.Second)
		q.read(t, n1)
	}
	snapshot := q.read(t, n1)
	gaps := snapshot.Servers[0].Coverage.Gaps
	if got := testledger.Count(snapshot); got != 15 || len(gaps) != 1 || gaps[0].Lost != 15 {
		t.Errorf("%d stops, gaps %+v", got, gaps)
	}
	// From now on, too.
	n1.Close(10)
	lost := n1.Records
	n1.Close(10)
	capture(t, s, n1, lost...)
	testnats.Until(t, "what is captured meanwhile", func() bool {
		q.later(10 * time.Second)
		n1.Wait(10 * time.Second)
		return testledger.Count(q.read(t, n1)) == 15+20
	})
	q.end(t)
	written := 0
	for _, one := range blocks(t, s, cfg) {
		written += len(one.Stops)
	}
	if written != 5+10+10 {
		t.Errorf("%d records are written", written)
	}
}

// TestARingShowsWhatOnlyAnAdvisoryTold: then it is written, and told to nobody else again.
func TestARingShowsWhatOnlyAnAdvisoryTold(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := capturing(s)
	n1, n2 := ring("ID1", "n1", 100), ring("ID2", "n2", 100)
	n1.Close(5)
	capture(t, s, n1)
	p, told := begin(t, cfg), 0
	p.ledger.Subscribe(func(n ledger.News) {
		for _, ring := range n.Rings {
			told += len(ring.Stops)
		}
	})
	p.read(t, n1, n2)
	p.written(t)
	// One does not answer for two minutes.
	p.later(2 * time.Minute)
	n1.Close(20)
	n2.Wait(2 * time.Minute)
	capture(t, s, n1, n1.Records[5:]...)
	testnats.Until(t, "the advisories", func() bool { return testledger.Count(p.read(t, n2)) == 25 })
	n1.Wait(2 * time.Minute)
	n1.Close(1)
	p.read(t, n1, n2)
	p.written(t)
	p.end(t)
	written := map[uint64]int{}
	for _, one := range blocks(t, s, cfg) {
		for i := range one.Stops {
			written[one.Stops[i].CID]++
		}
	}
	for cid := range uint64(26) {
		if written[cid+1] != 1 {
			t.Errorf("%d is written %d times", cid+1, written[cid+1])
		}
	}
	if told != 26 {
		t.Errorf("%d stops are told", told)
	}
}

// TestWhatIsCapturedElsewhere cannot be read, and nothing else fails with it.
func TestWhatIsCapturedElsewhere(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := capturing(s)
	n1 := ring("ID1", "n1", 10)
	n1.Close(5)
	p := begin(t, cfg)
	p.read(t, n1)
	p.written(t)
	state := p.State()
	if state.Captured == nil || !strings.Contains(state.Captured.Error(), "There is no such stream.") || state.Captured.Endpoint != capturedStream {
		t.Errorf("%+v", state.Captured)
	}
	if state.Unread || state.Err != nil {
		t.Errorf("%+v", state)
	}
}

// TestWhoReadsAloneFollows: what others write is known with the next reads.
func TestWhoReadsAloneFollows(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := configFor(s)
	n1, n2 := ring("ID1", "n1", 10), ring("ID2", "n2", 10)
	writer := begin(t, cfg)
	n1.Close(5)
	writer.read(t, n1)
	writer.written(t)
	cfg.Write, cfg.Create = false, false
	reader := begin(t, cfg)
	reader.read(t, n1)
	for range 3 {
		n1.Close(8)
		n2.Close(2)
		writer.read(t, n1, n2)
		writer.written(t)
	}
	// The ring of one has turned over meanwhile, and the other is not there any more.
	testnats.Until(t, "what others wrote", func() bool {
		n1.Wait(10 * time.Second)
		reader.later(10 * time.Second)
		snapshot := reader.read(t, n1)
		return testledger.Count(snapshot) == 29+6 && len(snapshot.Servers[0].Coverage.Gaps) == 0
	})
	if got := len(blocks(t, s, cfg)); got == 0 || reader.State().Err != nil {
		t.Errorf("%d blocks, %+v", got, reader.State())
	}
}

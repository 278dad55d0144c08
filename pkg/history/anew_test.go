package history

import (
	"testing"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/internal/testnats"
)

// TestAStreamThatIsMadeAnew, and soon has more messages than the one before: nothing of it
// is taken for known.
func TestAStreamThatIsMadeAnew(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := capturing(s)
	n1 := ring("ID1", "n1", 100)
	capture(t, s, n1)
	a, b := driven(t, cfg), driven(t, cfg)
	cfg.Write, cfg.Create = false, false
	reader := driven(t, cfg)
	cfg.Write = true
	round := func() {
		n1.Close(8)
		b.learns(n1)
		b.puts(t)
		capture(t, s, n1, n1.Records[len(n1.Records)-1])
	}
	round()
	a.learns(n1)
	a.puts(t)
	if err := reader.listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{cfg.Stream, cfg.Captured} {
		if err := s.Streams(t).DeleteStream(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	capture(t, s, n1)
	b.again(t)
	for range 4 {
		round()
	}
	a.learns(n1)
	a.puts(t)
	onceInStream(t, s, cfg, 32)
	if err := reader.listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := testledger.Count(reader.ledger.Merge(nil)); got != 40 || reader.others.next != 5 {
		t.Errorf("who reads alone knows %d stops, and goes on at %d of others", got, reader.others.next)
	}
}

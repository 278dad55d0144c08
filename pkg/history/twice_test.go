package history

import (
	"errors"
	"testing"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
)

// onceInStream holds that so many records are in the stream, each once.
func onceInStream(t testing.TB, s *testnats.Server, cfg Config, records int) {
	t.Helper()
	times := inStream(t, s, cfg, "ID1")
	for cid, many := range times {
		if many != 1 {
			t.Errorf("%d is there %d times", cid, many)
		}
	}
	if len(times) != records {
		t.Errorf("%d records", len(times))
	}
}

// TestAnotherWriterIsFasterTwice, before we read the server again.
func TestAnotherWriterIsFasterTwice(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := configFor(s)
	n1 := ring("ID1", "n1", 100)
	a, b := driven(t, cfg), driven(t, cfg)
	n1.Close(8)
	b.learns(n1)
	for range 3 {
		a.learns(n1)
		a.puts(t)
		if err := b.catchUp(t.Context(), "ID1"); err != nil {
			t.Fatal(err)
		}
		n1.Close(8)
	}
	b.learns(n1)
	b.puts(t)
	onceInStream(t, s, cfg, 32)
}

// TestReadingBreaksOffAmongWhatOthersWrote: the next time all of it is read, so that
// none of it is written again.
func TestReadingBreaksOffAmongWhatOthersWrote(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := configFor(s)
	n1 := ring("ID1", "n1", 100)
	a, b := driven(t, cfg), driven(t, cfg)
	n1.Close(8)
	for _, p := range []*process{a, b} {
		p.learns(n1)
		p.puts(t)
	}
	for range 3 {
		n1.Close(8)
		a.learns(n1)
		a.puts(t)
	}
	b.learns(n1)
	broken, left := errors.New("broken"), 2
	r := b.recital()
	err := b.view.each(t.Context(), scope{subject: cfg.subjectOf("ID1"), fromSequence: b.heads["ID1"].sequence + 1}, func(m message) error {
		if left--; left < 0 {
			return broken
		}
		return r.take(m)
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	b.puts(t)
	onceInStream(t, s, cfg, 32)
}

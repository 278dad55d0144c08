package history

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/internal/testnats"
)

// replicated is a stream of three replicas, of which the one that readers are on does
// not have so many of the newest messages yet.
type replicated struct {
	jetstream.JetStream
	lacks uint64
}

func (r *replicated) Stream(ctx context.Context, name string) (jetstream.Stream, error) {
	stream, err := r.JetStream.Stream(ctx, name)
	if err != nil {
		return nil, err
	}
	return &led{stream, r.info(stream)}, nil
}

// info is what the leader tells.
func (r *replicated) info(stream jetstream.Stream) *jetstream.StreamInfo {
	info := *stream.CachedInfo()
	info.Config.Replicas, info.State.LastSeq = 3, info.State.LastSeq+r.lacks
	return &info
}

type led struct {
	jetstream.Stream
	info *jetstream.StreamInfo
}

func (l *led) CachedInfo() *jetstream.StreamInfo { return l.info }

// replicate has the worker see the stream so.
func (p *process) replicate() *replicated {
	r := &replicated{JetStream: p.view.js}
	p.view.js, p.view.info = r, r.info(p.view.stream)
	return r
}

// fill writes that many blocks.
func (p *process) fill(t testing.TB, blocks int) {
	t.Helper()
	n1 := ring("ID1", "n1", 100)
	for range blocks {
		n1.Close(8)
		p.learns(n1)
		p.puts(t)
	}
}

func isBehind(err error) bool { return errors.Is(err, errBehind) }

// TestAReplicaThatIsBehindIsNotTheEnd: who follows has everything once it caught up.
func TestAReplicaThatIsBehindIsNotTheEnd(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := capturing(s)
	n1 := ring("ID1", "n1", 100)
	n1.Close(5)
	capture(t, s, n1, n1.Records...)
	writer := driven(t, cfg)
	cfg.Write, cfg.Create = false, false
	reader := driven(t, cfg)
	stream := reader.replicate()
	if err := reader.readCaptured(t.Context()); err != nil {
		t.Fatal(err)
	}
	writer.learns(n1)
	writer.puts(t)
	capture(t, s, n1, n1.Records...)
	before, captured := reader.next, reader.others.next
	stream.lacks = 1
	if err := reader.listen(t.Context()); !isBehind(err) || !strings.Contains(err.Error(), "A replica of the stream is behind the others.") || reader.next != before {
		t.Errorf("%v: goes on at %d, before %d", err, reader.next, before)
	}
	if err := reader.readCaptured(t.Context()); !isBehind(err) || reader.others.next != captured {
		t.Errorf("%v: goes on at %d, before %d", err, reader.others.next, captured)
	}
	if _, learned := reader.heads["ID1"]; learned {
		t.Error("it knows what is left to be read")
	}
	// It catches up with what is of others.
	if _, err := s.Streams(t).Publish(t.Context(), cfg.Prefix+".account-ID9", nil); err != nil {
		t.Fatal(err)
	}
	stream.lacks = 0
	if err := reader.follow(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := testledger.Count(reader.ledger.Merge(nil)); got != 5 {
		t.Errorf("%d stops", got)
	}
	piece := Reader{reader.view, cfg}
	if err := piece.Each(t.Context(), reader.next, reader.next+1, func(Entry) {}); !isBehind(err) {
		t.Errorf("a piece is whole: %v", err)
	}
	reader.recalled, reader.view.info.State.Msgs, reader.view.info.State.LastSeq = false, 3, reader.next
	if err := reader.recall(t.Context()); !isBehind(err) || reader.recalled {
		t.Errorf("the past is known: %v", err)
	}
}

// TestAReplicaCatchesUpWhileItIsRead, and what it takes over then is read.
func TestAReplicaCatchesUpWhileItIsRead(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := configFor(s)
	p := driven(t, cfg)
	p.fill(t, 3)
	p.replicate()
	js := s.Streams(t)
	late := time.AfterFunc(behindFor/4, func() {
		for range 2 {
			_, _ = js.Publish(context.Background(), cfg.Prefix+".ID1", []byte("late"))
		}
	})
	defer late.Stop()
	var read []uint64
	err := p.view.each(t.Context(), scope{subject: cfg.Prefix + ".*", fromSequence: 2, before: 6}, func(m message) error {
		read = append(read, m.sequence)
		return nil
	})
	if err != nil || len(read) != 4 || read[3] != 5 {
		t.Errorf("%v: read %v", err, read)
	}
}

// TestTheEndMayBeOfOthers, or deleted: nothing is behind then, and soon it is known.
func TestTheEndMayBeOfOthers(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := configFor(s)
	stream := made(t, s, cfg, func(of *jetstream.StreamConfig) { of.Subjects = append(of.Subjects, "others") })
	p := driven(t, cfg)
	p.fill(t, 3)
	p.replicate()
	js := s.Streams(t)
	reads := func(what string, from, before uint64, blocks int) {
		t.Helper()
		began, got := time.Now(), 0
		err := p.view.each(t.Context(), scope{subject: cfg.Prefix + ".*", fromSequence: from, before: before}, func(message) error {
			got++
			return nil
		})
		if err != nil || got != blocks || time.Since(began) > behindFor/2 {
			t.Errorf("%s: read %d blocks in %s, %v", what, got, time.Since(began), err)
		}
	}
	reads("at the end", 1, 4, 3)
	reads("before the end", 1, 3, 2)
	for range 2 {
		if _, err := js.Publish(t.Context(), "others", nil); err != nil {
			t.Fatal(err)
		}
	}
	reads("before what is of others", 1, 6, 3)
	reads("among what is of others", 4, 6, 0)
	if err := stream.DeleteMsg(t.Context(), 5); err != nil {
		t.Fatal(err)
	}
	reads("before what is deleted", 1, 6, 3)
	if err := stream.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	reads("of a stream that is empty", 1, 6, 0)
}

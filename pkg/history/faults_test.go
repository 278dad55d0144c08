package history

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/history/block"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// told waits until the history says so.
func (p *process) tells(t testing.TB, sentence string) {
	t.Helper()
	testnats.Until(t, sentence, func() bool {
		s := p.State()
		return s.Err != nil && strings.Contains(s.Err.Error(), sentence) || s.Err == nil && sentence == ""
	})
}

// made is the stream with other limits than those by default.
func made(t testing.TB, s *testnats.Server, cfg Config, change func(*jetstream.StreamConfig)) jetstream.Stream {
	t.Helper()
	of := jetstream.StreamConfig{Name: cfg.Stream, Subjects: []string{cfg.Prefix + ".*"}}
	change(&of)
	stream, err := s.Streams(t).CreateOrUpdateStream(t.Context(), of)
	if err != nil {
		t.Fatal(err)
	}
	return stream
}

// TestAStreamThatIsAway: reading goes on, what waits is written when it is back.
func TestAStreamThatIsAway(t *testing.T) {
	dir := t.TempDir()
	first := testnats.StartWithStreams(t, &server.Options{StoreDir: dir})
	cfg := configFor(first)
	n1 := ring("ID1", "n1", 10)
	p := begin(t, cfg)
	n1.Close(8)
	p.read(t, n1)
	p.written(t)
	first.Close()
	for range 5 {
		n1.Close(8)
		if s := p.read(t, n1); testledger.Count(s) != int(n1.Total()) {
			t.Fatalf("%d stops are shown of %d", testledger.Count(s), n1.Total())
		}
	}
	p.tells(t, "NATS")
	if waiting := p.State().Waiting; waiting != 40 {
		t.Errorf("%d records wait", waiting)
	}
	again := testnats.StartWithStreams(t, &server.Options{StoreDir: dir, Port: portOf(t, first)})
	p.written(t)
	p.tells(t, "")
	p.kill()
	q := begin(t, cfg)
	if s := q.read(t, n1); testledger.Count(s) != 48 || len(s.Servers[0].Coverage.Gaps) > 0 {
		t.Errorf("%d stops, coverage %+v", testledger.Count(s), s.Servers[0].Coverage)
	}
	_ = again
}

func portOf(t testing.TB, s *testnats.Server) int {
	t.Helper()
	_, port, _ := strings.Cut(s.Addr, ":")
	number := 0
	for _, digit := range port {
		number = 10*number + int(digit-'0')
	}
	return number
}

// TestWhatCannotWaitIsTold: as a gap of the history, not of the server.
func TestWhatCannotWaitIsTold(t *testing.T) {
	dir := t.TempDir()
	first := testnats.StartWithStreams(t, &server.Options{StoreDir: dir})
	cfg := configFor(first)
	cfg.Backlog = 20 * stopSize
	n1 := ring("ID1", "n1", 10)
	p := begin(t, cfg)
	n1.Close(8)
	p.read(t, n1)
	p.written(t)
	first.Close()
	for range 10 {
		n1.Close(8)
		p.read(t, n1)
	}
	if s := p.State(); s.Waiting > 20 {
		t.Errorf("%d records wait", s.Waiting)
	}
	testnats.StartWithStreams(t, &server.Options{StoreDir: dir, Port: portOf(t, first)})
	p.written(t)
	p.kill()
	q := begin(t, cfg)
	s := q.read(t, n1)
	c := s.Servers[0].Coverage
	if len(c.Gaps) != 1 || !c.Gaps[0].History || c.Gaps[0].Lost+int64(testledger.Count(s)) != n1.Total() || c.LostIn(testledger.Ever) != 0 {
		t.Errorf("%d stops of %d, coverage %+v", testledger.Count(s), n1.Total(), c)
	}
}

// TestAFaultOfOurs is told, and nothing is lost or there twice once it is over.
func TestAFaultOfOurs(t *testing.T) {
	cfg := configFor(testnats.StartWithStreams(t, nil))
	broken := begin(t, cfg)
	broken.worker.ledger = nil
	broken.Await(t.Context())
	broken.tells(t, "an internal error of the plugin")
	p, n1 := begin(t, cfg), ring("ID1", "n1", 10)
	for range 2 {
		n1.Close(8)
		p.ledger.Merge([]model.Reading{n1.Read()})
		p.worker.ledger = nil
		if err := p.attempt(t.Context()); err == nil {
			t.Fatal("nothing failed")
		}
		p.worker.ledger = p.ledger
		if err := p.attempt(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	snapshot := begin(t, cfg).read(t, n1)
	if c := snapshot.Servers[0].Coverage; testledger.Count(snapshot) != 16 || len(c.Gaps) > 0 {
		t.Errorf("%d stops, coverage %+v", testledger.Count(snapshot), c)
	}
}

// TestAStreamThatIsFull: it says so, and goes on once there is room.
func TestAStreamThatIsFull(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := configFor(s)
	made(t, s, cfg, func(of *jetstream.StreamConfig) { of.MaxMsgs, of.Discard = 1, jetstream.DiscardNew })
	n1 := ring("ID1", "n1", 10)
	p := begin(t, cfg)
	for range 2 {
		n1.Close(8)
		p.read(t, n1)
		testnats.Until(t, "the block", func() bool { return len(p.pending.waiting()) == 0 || p.State().Err != nil })
	}
	p.tells(t, "The stream is full.")
	made(t, s, cfg, func(of *jetstream.StreamConfig) { of.MaxMsgs, of.Discard = 100, jetstream.DiscardNew })
	p.written(t)
	p.tells(t, "")
}

// TestAStreamOfSmallMessages gets smaller blocks.
func TestAStreamOfSmallMessages(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := configFor(s)
	made(t, s, cfg, func(of *jetstream.StreamConfig) { of.MaxMsgSize = 8 << 10 })
	n1 := ring("ID1", "n1", 100)
	p := begin(t, cfg)
	n1.Close(100)
	p.read(t, n1)
	p.written(t)
	if many := len(blocks(t, s, cfg)); many < 5 {
		t.Errorf("%d blocks", many)
	}
	p.kill()
	if got := testledger.Count(begin(t, cfg).read(t, n1)); got != 100 {
		t.Errorf("%d stops", got)
	}
}

// TestAStreamThatReachesItsLimits drops the oldest: what is left is complete since
// then, and that is said.
func TestAStreamThatReachesItsLimits(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := configFor(s)
	made(t, s, cfg, func(of *jetstream.StreamConfig) { of.MaxMsgs = 1 })
	n1 := ring("ID1", "n1", 10)
	p := begin(t, cfg)
	p.write(t, n1, 3)
	p.kill()
	q := begin(t, cfg)
	snapshot := q.read(t, n1)
	c := snapshot.Servers[0].Coverage
	if testledger.Count(snapshot) != 10 || !c.Since.Equal(c.Oldest) || len(c.Gaps) > 0 {
		t.Errorf("%d stops, coverage %+v", testledger.Count(snapshot), c)
	}
}

// TestAStreamThatIsDeleted is made again, and does not seem to have what was in it.
func TestAStreamThatIsDeleted(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := configFor(s)
	n1 := ring("ID1", "n1", 10)
	p := begin(t, cfg)
	n1.Close(30)
	p.read(t, n1)
	p.written(t)
	if err := s.Streams(t).DeleteStream(t.Context(), cfg.Stream); err != nil {
		t.Fatal(err)
	}
	n1.Close(8)
	if got := testledger.Count(p.read(t, n1)); got != 18 {
		t.Errorf("%d stops", got)
	}
	p.written(t)
	p.kill()
	q := begin(t, cfg)
	snapshot := q.read(t, n1)
	if c := snapshot.Servers[0].Coverage; testledger.Count(snapshot) != 10 || c.Since.Before(c.Oldest) {
		t.Errorf("%d stops, coverage %+v", testledger.Count(snapshot), c)
	}
}

// TestReadersTakeTurnsWhereThereIsRoomForOne: the stream forgets each a while after it is done.
func TestReadersTakeTurnsWhereThereIsRoomForOne(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := configFor(s)
	made(t, s, cfg, func(c *jetstream.StreamConfig) { c.MaxConsumers = 1 })
	p := begin(t, cfg)
	p.write(t, ring("ID1", "n1", 100), 3)
	each := func(patience time.Duration) (blocks int, err error) {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		reader, extent, err := p.Reader(t.Context())
		if err != nil {
			return 0, err
		}
		err = reader.Each(ctx, extent.First, extent.Last+1, func(Entry) { blocks++ })
		return blocks, err
	}
	if got, err := each(4 * readerRests); got != 3 || err != nil {
		t.Fatalf("read %d blocks, %v", got, err)
	}
	if _, err := each(readerWaits); err == nil || !strings.Contains(err.Error(), "as many consumers as it may") {
		t.Errorf("beside another: %v", err)
	}
	if got, err := each(4 * readerRests); got != 3 || err != nil {
		t.Errorf("after another: %d blocks, %v", got, err)
	}
}

// TestBlocksThatCannotBeRead are told and skipped, and what the server's ring still
// has of them is shown.
func TestBlocksThatCannotBeRead(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := configFor(s)
	n1 := ring("ID1", "n1", 10)
	p := begin(t, cfg)
	p.write(t, n1, 4)
	js := s.Streams(t)
	for _, data := range []string{"nonsense", `{"history":{"version":99}}`} {
		if _, err := js.Publish(t.Context(), cfg.Prefix+".ID1", []byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	stream, err := js.Stream(t.Context(), cfg.Stream)
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.DeleteMsg(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	n1.Close(8)
	p.read(t, n1)
	p.written(t)
	p.kill()
	q := begin(t, cfg)
	snapshot := q.read(t, n1)
	state, c := q.State(), snapshot.Servers[0].Coverage
	if state.Unreadable != 1 || state.Newer != 1 {
		t.Errorf("%+v", state)
	}
	if testledger.Count(snapshot) != 32 || len(c.Gaps) != 1 || !c.Gaps[0].History || c.Gaps[0].Lost != 8 {
		t.Errorf("%d stops, coverage %+v", testledger.Count(snapshot), c)
	}
}

// TestALackIsMadeGoodByTheRing: a record that the history lost is shown as long as its
// server tells it, and is no news.
func TestALackIsMadeGoodByTheRing(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg := configFor(s)
	n1 := ring("ID1", "n1", 20)
	p := begin(t, cfg)
	p.write(t, n1, 4)
	p.kill()
	stream, err := s.Streams(t).Stream(t.Context(), cfg.Stream)
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.DeleteMsg(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	q := begin(t, cfg)
	news := 0
	q.ledger.Subscribe(func(n ledger.News) { news += len(n.Rings[0].Stops) })
	snapshot := q.read(t, n1)
	if c := snapshot.Servers[0].Coverage; testledger.Count(snapshot) != 32 || len(c.Gaps) != 0 || news != 0 {
		t.Errorf("%d stops, %d news, coverage %+v", testledger.Count(snapshot), news, c)
	}
}

// TestWhatALoginMayNotDo is told at once, step by step.
func TestWhatALoginMayNotDo(t *testing.T) {
	reads := []string{
		"$JS.API.STREAM.INFO." + streamName, "$JS.API.CONSUMER.CREATE." + streamName + ".>",
		"$JS.API.CONSUMER.MSG.NEXT." + streamName + ".>",
	}
	users := map[string][]string{"reads": reads, "writes": append([]string{subjects + ".*"}, reads...), "nothing": {"none"}}
	opts := &server.Options{NoSystemAccount: true}
	for name, may := range users {
		opts.Users = append(opts.Users, &server.User{Username: name, Password: "pw", Permissions: &server.Permissions{
			Publish: &server.SubjectPermission{Allow: may}, Subscribe: &server.SubjectPermission{Allow: []string{"_INBOX.>"}},
		}})
	}
	opts.Users = append(opts.Users, &server.User{Username: "admin", Password: "pw"})
	s := testnats.StartWithStreams(t, opts)
	cfg := configFor(s)
	cfg.NATS.Password = "pw"
	js := s.Streams(t, nats.UserInfo("admin", "pw"))
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: cfg.Stream, Subjects: []string{cfg.Prefix + ".*"}}); err != nil {
		t.Fatal(err)
	}
	cfg.NATS.User = "writes"
	n1 := ring("ID1", "n1", 10)
	p := begin(t, cfg)
	n1.Close(8)
	p.read(t, n1)
	p.written(t)
	p.end(t)
	n1.Close(12)
	for name, test := range map[string]struct{ says string }{"reads": {"The login of the history may not do this."}, "nothing": {"The login of the history may not do this."}} {
		cfg.NATS.User = name
		began := time.Now()
		q := begin(t, cfg)
		n1.Close(1)
		snapshot := q.read(t, n1)
		if name == "reads" && testledger.Count(snapshot) < 18 {
			t.Errorf("%d stops", testledger.Count(snapshot))
		}
		q.tells(t, test.says)
		q.kill()
		t.Logf("%s: told after %s", name, time.Since(began))
	}
}

// TestTheStreamsClockIsItsOwn: how far back is read goes by it alone.
func TestTheStreamsClockIsItsOwn(t *testing.T) {
	now := testledger.Noon.Add(-1000 * time.Hour)
	v := &view{info: &jetstream.StreamInfo{TimeStamp: now}}
	if from := v.from(time.Hour); !from.Equal(now.Add(-time.Hour - late)) {
		t.Errorf("from %s", from)
	}
}

// TestEndingBetweenBlocks of what one read brought: that records had left the ring by
// then is not forgotten, though that was to be looked at once more.
func TestEndingBetweenBlocks(t *testing.T) {
	s := testnats.StartWithStreams(t, nil)
	cfg, n1 := configFor(s), ring("ID1", "n1", block.MaxRecords+500)
	p := driven(t, cfg)
	n1.Close(10)
	p.learns(n1)
	p.puts(t)
	n1.Close(block.MaxRecords + 1000)
	p.learns(n1)
	p.puts(t)
	p.kill()
	stream, err := s.Streams(t).Stream(t.Context(), cfg.Stream)
	if err != nil {
		t.Fatal(err)
	}
	last := stream.CachedInfo().State.LastSeq
	if err := stream.DeleteMsg(t.Context(), last); err != nil || last != 3 {
		t.Fatalf("%d blocks (%v)", last, err)
	}
	next := driven(t, cfg)
	for range 3 {
		n1.Wait(2 * time.Second)
		next.learns(n1)
	}
	snapshot := next.read(t, n1)
	if got, lacks := int64(testledger.Count(snapshot)), lost(snapshot); got+lacks != n1.Total() {
		t.Errorf("%d stops and %d lost of %d", got, lacks, n1.Total())
	}
}

package history

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/history/block"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

const (
	// perFetch is how many blocks are on their way at most: of the largest, half of what
	// servers let wait for a client (max_pending). perChunk is how many are given to
	// the ledger at once.
	perFetch, perChunk = 64, 16
	// readerRests ends what the stream keeps for a reader who went away: soon, since a
	// stream has few at a time (nats-server.md#how-many-may-read-a-stream).
	readerRests = 5 * time.Second
	// readerWaits is how long one waits who finds as many as there may be.
	readerWaits = 500 * time.Millisecond
	// fetchWait is how long blocks are waited for that must be there.
	fetchWait = 5 * time.Second
)

// message is one of the stream.
type message struct {
	subject  string
	sequence uint64
	data     []byte
	sum      string
	// at is when it was written, by the stream's clock.
	at time.Time
}

// scope is what is read of the stream: one subject or several, all without one, from a
// sequence or from a time on, before a sequence if that is not 0.
type scope struct {
	subject      string
	fromSequence uint64
	fromTime     time.Time
	before       uint64
}

// newID tells writers apart.
func newID() string {
	var id [8]byte
	_, _ = rand.Read(id[:])
	return hex.EncodeToString(id[:])
}

// self is what this process is called where it writes.
var self = newID()

// each calls take with each message, in order. What is lost on the way is asked for again.
func (v *view) each(ctx context.Context, of scope, take func(message) error) error {
	for tries := 0; ; tries++ {
		next, err := v.some(ctx, of, take)
		if err == nil || ctx.Err() != nil || next == of.fromSequence && tries > 0 {
			return err
		}
		of.fromSequence = next
	}
}

// reading is a reader at work.
type reading struct {
	jetstream.Consumer
	// left is how many messages there are still, delivered how many came, next the
	// sequence behind them; before is where to stop, 0 at the end.
	left, delivered, next, before uint64
}

// some reads on until the end, or until something is wrong; next is where to go on.
func (v *view) some(ctx context.Context, of scope, take func(message) error) (next uint64, err error) {
	reader, err := v.reader(ctx, of)
	if err != nil {
		return of.fromSequence, err
	}
	r := reading{Consumer: reader, left: reader.CachedInfo().NumPending, next: of.fromSequence, before: of.before}
	for r.left > 0 && (r.before == 0 || r.next < r.before) {
		if err := v.fetch(ctx, &r, take); err != nil {
			return r.next, err
		}
	}
	return r.next, nil
}

// reader is what the stream keeps for us while we read. Where others leave no room for
// it, it waits until they are done, and says so if they are not in time.
func (v *view) reader(ctx context.Context, of scope) (jetstream.Consumer, error) {
	var full error
	for {
		reader, err := v.newReader(ctx, of)
		switch {
		case errors.Is(err, jetstream.ErrMaximumConsumersLimit):
			full = err
		case err != nil && full != nil && ctx.Err() != nil:
			return nil, full
		default:
			return reader, err
		}
		select {
		case <-time.After(readerWaits):
		case <-ctx.Done():
			return nil, full
		}
	}
}

func (v *view) newReader(ctx context.Context, of scope) (jetstream.Consumer, error) {
	cfg := jetstream.ConsumerConfig{
		Name: "reader-" + newID(), FilterSubject: of.subject, AckPolicy: jetstream.AckNonePolicy, InactiveThreshold: readerRests,
		MemoryStorage: true, Replicas: 1, DeliverPolicy: jetstream.DeliverAllPolicy,
	}
	switch {
	case of.fromSequence > 0:
		cfg.DeliverPolicy, cfg.OptStartSeq = jetstream.DeliverByStartSequencePolicy, of.fromSequence
	case !of.fromTime.IsZero():
		cfg.DeliverPolicy, cfg.OptStartTime = jetstream.DeliverByStartTimePolicy, &of.fromTime
	}
	subject := "$JS.API.CONSUMER.CREATE." + v.name + "." + cfg.Name
	if of.subject != "" {
		subject += "." + of.subject
	}
	asking, done := v.link.Ask(ctx, subject)
	defer done()
	reader, err := v.stream.CreateConsumer(asking, cfg)
	return reader, causeOf(asking, err)
}

// fetch takes messages that are left, while the next ones are on their way. Where one
// did not come, as after a connection that broke, it is an error: the reader does not
// send it again.
func (v *view) fetch(ctx context.Context, r *reading, take func(message) error) error {
	asking, done := v.link.Ask(ctx, "$JS.API.CONSUMER.MSG.NEXT."+v.name+"."+r.CachedInfo().Name)
	defer done()
	many := r.left
	if r.before > 0 {
		many = min(many, r.before-r.next)
	}
	coming, err := r.Messages(jetstream.PullMaxMessages(perFetch), jetstream.StopAfter(int(many)))
	if err != nil {
		return err
	}
	defer coming.Stop()
	for range many {
		m, err := next(asking, coming)
		if err != nil {
			return err
		}
		meta, err := m.Metadata()
		if err == nil && meta.Sequence.Consumer != r.delivered+1 {
			err = context.DeadlineExceeded
		}
		if err == nil && (r.before == 0 || meta.Sequence.Stream < r.before) {
			err = take(message{m.Subject(), meta.Sequence.Stream, m.Data(), m.Headers().Get(sumHeader), meta.Timestamp})
		}
		if err != nil {
			return err
		}
		r.next, r.left, r.delivered = meta.Sequence.Stream+1, meta.NumPending, meta.Sequence.Consumer
		if r.left == 0 || r.before > 0 && r.next >= r.before {
			break
		}
	}
	return nil
}

// next is the next message, which must be there.
func next(asking context.Context, coming jetstream.MessagesContext) (jetstream.Msg, error) {
	limited, cancel := context.WithTimeout(asking, fetchWait)
	defer cancel()
	m, err := coming.Next(jetstream.NextContext(limited))
	return m, causeOf(asking, err)
}

// sumHeader holds a checksum of a message: a block that was changed on its way may
// still look like one.
const sumHeader = "Nats-Connections-Sum"

func sumOf(data []byte) string {
	return strconv.FormatUint(uint64(crc32.Checksum(data, castagnoli)), 16)
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// head is the end of a subject, as far as it is known here.
type head struct {
	// sequence is that of its last message, written how many records were to be written
	// until then; newest is the newest of the last block, or when its writer looked.
	sequence uint64
	written  int64
	newest   time.Time
	// at is when we wrote it, told until when it says that all is known.
	at, told time.Time
}

// recital is the past being read, and what was found.
type recital struct {
	into *ledger.Recollection
	// taking is what it takes at the moment.
	taking guard.Group
	heads  map[string]head
	// from is since when the past is read, if the stream has all since then.
	from     time.Time
	chapters []ledger.Chapter
	config   Config
	// had are the connections whose records were read.
	had   map[string]store.CIDSet
	count counts
	// progress is told how many blocks were read.
	progress func(int)
}

// counts are what was found in the stream.
type counts struct {
	// Blocks were read; Unreadable are those that could not be, Newer those of a version
	// that is not known here.
	Blocks, Unreadable, Newer int
}

// take reads one message.
func (r *recital) take(m message) error {
	id, ours := r.config.serverOf(m.subject)
	if !ours {
		return nil
	}
	before, known := r.heads[id]
	b, err := r.config.decode(id, m)
	if err != nil {
		if errors.Is(err, block.ErrNewer) {
			r.count.Newer++
		} else {
			r.count.Unreadable++
		}
		before.sequence = m.sequence
		r.heads[id] = before
		return nil
	}
	r.count.Blocks++
	if r.progress != nil {
		r.progress(r.count.Blocks)
	}
	after := head{sequence: m.sequence, written: b.Written, newest: b.Server.Now, told: b.Server.Now}
	if len(b.Stops) > 0 {
		after.newest = b.Stops[0].At
	}
	r.heads[id] = after
	if r.had[id] == nil {
		r.had[id] = store.CIDSet{}
	}
	for i := range b.Stops {
		r.had[id].Add(b.Stops[i].CID)
	}
	if r.chapters = append(r.chapters, r.chapter(&b, before, known)); len(r.chapters) >= perChunk {
		r.flush()
	}
	return nil
}

// decode reads the block of a server process.
func (c Config) decode(id string, m message) (block.Block, error) {
	b, err := block.Decode(m.data)
	if err == nil && (b.Server.ID != id || m.sum != "" && m.sum != sumOf(m.data)) {
		err = block.ErrUnreadable
	}
	if c.Nameless {
		for i := range b.Stops {
			b.Stops[i].HidePeople()
		}
	}
	return b, err
}

// chapter is what a block tells behind what is known of its subject.
func (r *recital) chapter(b *block.Block, before head, known bool) ledger.Chapter {
	chapter := ledger.Chapter{Standing: b.Standing, Stops: b.Stops}
	earlier := b.Written - int64(len(b.Stops))
	switch {
	case !known || before.newest.IsZero():
		if earlier > 0 {
			chapter.From = b.Server.Now
			if n := len(b.Stops); n > 0 {
				chapter.From = b.Stops[n-1].At
			}
			if !r.from.IsZero() && r.from.Before(chapter.From) {
				chapter.From = r.from
			}
		}
	case earlier > before.written:
		chapter.Lacks = []ledger.Gap{{
			From: before.newest, To: latest(b.Server.Now, before.newest), Lost: earlier - before.written, History: true,
		}}
	}
	return chapter
}

// flush gives the ledger what was read, which takes it while the next is read.
func (r *recital) flush() {
	r.taking.Wait()
	chapters := r.chapters
	r.chapters = nil
	r.taking.Go(func() { r.into.Take(chapters) })
}

// end waits until the ledger has taken all, and counts its merges until then.
func (r *recital) end() (merges int) {
	r.flush()
	r.taking.Wait()
	return r.into.Done()
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

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

	"github.com/natsops/nats-connections-datasource/pkg/history/block"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

const (
	// perFetch is how many blocks are asked for at once, perChunk how many are given to
	// the ledger at once.
	perFetch, perChunk = 256, 16
	// readerRests ends what the stream keeps for a reader who went away.
	readerRests = 30 * time.Second
	// fetchWait is how long blocks are waited for that must be there.
	fetchWait = 5 * time.Second
)

// message is one of the stream.
type message struct {
	subject  string
	sequence uint64
	data     []byte
	sum      string
}

// scope is what is read of the stream: one subject or several, all without one, from a
// sequence or from a time on.
type scope struct {
	subject      string
	fromSequence uint64
	fromTime     time.Time
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

// some reads on until the end, or until something is wrong; next is where to go on.
func (v *view) some(ctx context.Context, of scope, take func(message) error) (next uint64, err error) {
	next = of.fromSequence
	reader, err := v.reader(ctx, of)
	if err != nil {
		return next, err
	}
	for left := reader.CachedInfo().NumPending; left > 0; {
		before := next
		if next, left, err = v.fetch(ctx, reader, left, next, take); err != nil {
			return next, err
		}
		if next == before {
			return next, context.DeadlineExceeded
		}
	}
	return next, nil
}

// reader is what the stream keeps for us while we read.
func (v *view) reader(ctx context.Context, of scope) (jetstream.Consumer, error) {
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

// fetch takes some of the messages that are left.
func (v *view) fetch(
	ctx context.Context, reader jetstream.Consumer, left, from uint64, take func(message) error,
) (next, then uint64, err error) {
	next, then = from, left
	asking, done := v.link.Ask(ctx, "$JS.API.CONSUMER.MSG.NEXT."+v.name+"."+reader.CachedInfo().Name)
	defer done()
	limited, cancel := context.WithTimeout(asking, fetchWait)
	defer cancel()
	batch, err := reader.Fetch(int(min(left, perFetch)), jetstream.FetchContext(limited))
	if err != nil {
		return next, then, err
	}
	for m := range batch.Messages() {
		meta, err := m.Metadata()
		if err == nil {
			err = take(message{m.Subject(), meta.Sequence.Stream, m.Data(), m.Headers().Get(sumHeader)})
		}
		if err != nil {
			return next, then, err
		}
		next, then = meta.Sequence.Stream+1, meta.NumPending
	}
	if err := batch.Error(); err != nil && next == from {
		return next, then, causeOf(asking, err)
	}
	return next, then, nil
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
	// at is when we wrote it, told until when it was known.
	at, told time.Time
}

// recital is the past being read, and what was found.
type recital struct {
	into  *ledger.Recollection
	heads map[string]head
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
	b, err := block.Decode(m.data)
	if err == nil && (b.Server.ID != id || m.sum != "" && m.sum != sumOf(m.data)) {
		err = block.ErrUnreadable
	}
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
	if r.config.Nameless {
		for i := range b.Stops {
			b.Stops[i].HidePeople()
		}
	}
	r.count.Blocks++
	if r.progress != nil {
		r.progress(r.count.Blocks)
	}
	after := head{sequence: m.sequence, written: b.Written, newest: b.Server.Now}
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

func (r *recital) flush() {
	r.into.Take(r.chapters)
	r.chapters = nil
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

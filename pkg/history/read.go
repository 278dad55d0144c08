package history

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/natsops/nats-connections-datasource/pkg/history/block"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

const (
	// perFetch is how many blocks are on their way at most: of the largest, half of what
	// servers let wait for a client (max_pending). perChunk is how many are given to
	// the ledger at once: few, so that a processor's cache has room for their records.
	perFetch, perChunk = 64, 4
	// readerRests ends what the stream keeps for a reader who went away: soon, since a
	// stream has few at a time (nats-server.md#how-many-may-read-a-stream).
	readerRests = 5 * time.Second
	// readerWaits is how long one waits who finds as many as there may be.
	readerWaits = 500 * time.Millisecond
	// behindFor is how long a replica is waited for that is behind, asking it so often.
	behindFor, behindEvery = time.Second, 50 * time.Millisecond
)

// fetchWaits are how long the next block is waited for, which must be there, by how many
// readers in a row have brought nothing; then an error is one. The first may be one of which
// our server has not heard yet: then nobody answers it, and another one is better.
var fetchWaits = [...]time.Duration{time.Second, 5 * time.Second, 5 * time.Second}

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
// sequence or from a time on, before a sequence if that is not 0. The stream was there
// already when it told of itself, so what is not read until there is an error.
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
	for stuck := 0; ; {
		next, err := v.some(ctx, of, fetchWaits[stuck], take)
		if stuck++; next != of.fromSequence {
			stuck = 0
		}
		if err == nil || ctx.Err() != nil || stuck == len(fetchWaits) {
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
	// wait is how long the next message is waited for.
	wait time.Duration
}

// some reads on until the end, or until something is wrong; next is where to go on.
func (v *view) some(ctx context.Context, of scope, wait time.Duration, take func(message) error) (next uint64, err error) {
	reader, err := v.reader(ctx, of)
	if err != nil {
		return of.fromSequence, err
	}
	r := reading{Consumer: reader, wait: wait, left: reader.CachedInfo().NumPending, next: of.fromSequence, before: of.before}
	for r.left > 0 && (r.before == 0 || r.next < r.before) {
		if err := v.fetch(ctx, &r, take); err != nil {
			return r.next, err
		}
	}
	if r.next < r.before && v.info.Config.Replicas > 1 {
		err = v.reach(ctx, &r)
	}
	return r.next, err
}

// reach makes sure that nothing is left before the end, for who saw no message there or
// behind: a reader is on any replica, and takes the end of that one for the end of the
// stream. Others may have written the last messages, or they may be deleted, so it is
// asked how far it looked, whatever was there: replicas take over messages in their
// order, so it has passed over nothing (nats-server.md#how-far-a-reader-is).
func (v *view) reach(ctx context.Context, r *reading) error {
	limited, cancel := context.WithTimeout(ctx, behindFor)
	defer cancel()
	subject := "$JS.API.CONSUMER.MSG.NEXT." + v.name + "." + r.CachedInfo().Name
	asking, done := v.link.Ask(limited, subject)
	defer done()
	conn := v.js.Conn()
	answers, err := conn.SubscribeSync(conn.NewInbox())
	if err != nil {
		return err
	}
	defer func() { _ = answers.Unsubscribe() }()
	request := fmt.Appendf(nil, `{"batch":1,"expires":%d,"idle_heartbeat":%d}`, behindFor, behindEvery)
	if err := conn.PublishRequest(subject, answers.Subject, request); err != nil {
		return err
	}
	for heard := false; ; heard = true {
		m, err := answers.NextMsgWithContext(asking)
		if err != nil && heard && ctx.Err() == nil && errors.Is(limited.Err(), context.DeadlineExceeded) {
			return errBehind
		}
		if err != nil {
			return causeOf(asking, err)
		}
		if ends, err := r.endsWith(m); ends || err != nil {
			return err
		}
	}
}

// endsWith reports whether an answer says that nothing is left. A message that came
// meanwhile is none of this reader's: the next one reads it.
func (r *reading) endsWith(m *nats.Msg) (bool, error) {
	if meta, err := m.Metadata(); err == nil {
		if meta.Sequence.Consumer == r.delivered+1 && meta.Sequence.Stream >= r.before {
			return true, nil
		}
		return false, errBehind
	}
	delivered, _ := strconv.ParseUint(m.Header.Get("Nats-Last-Consumer"), 10, 64)
	if delivered != r.delivered {
		return false, context.DeadlineExceeded
	}
	looked, _ := strconv.ParseUint(m.Header.Get("Nats-Last-Stream"), 10, 64)
	return looked+1 >= r.before, nil
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
		m, err := next(asking, coming, r.wait)
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
func next(asking context.Context, coming jetstream.MessagesContext, wait time.Duration) (jetstream.Msg, error) {
	limited, cancel := context.WithTimeout(asking, wait)
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

// decode reads the block of a server process, in the room that is left over from other
// stops.
func (c Config) decode(by *block.Decoder, id string, m message, room []model.Stop) (block.Block, error) {
	b, err := by.Decode(m.data, room)
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

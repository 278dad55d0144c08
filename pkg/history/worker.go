package history

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/history/block"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// worker reads the past and writes what is news. What it is made with may be used by
// everybody, the rest belongs to its goroutine.
type worker struct {
	config  Config
	link    *natslink.Link
	ledger  *ledger.Ledger
	pending *pending
	telling *telling

	view *view
	// made is when the stream was made whose sequences the heads have.
	made  time.Time
	heads map[string]head
	// buffer is where blocks are encoded.
	buffer   []byte
	recalled bool
	// next is the sequence behind what was read of the stream, others is what others
	// captured.
	next   uint64
	others others
}

// others is the stream of advisories that others capture, as far as it was read.
type others struct {
	// next is the sequence that is read next; 0: none was yet. made is when the stream was
	// that it is of.
	next uint64
	made time.Time
	// restsUntil: it could not be read, and is left alone until then.
	restsUntil time.Time
}

// look has a view of the stream.
func (w *worker) look(ctx context.Context) error {
	if w.view != nil && !w.view.js.Conn().IsClosed() {
		return nil
	}
	v, err := open(ctx, w.link, w.config, false)
	if err == nil && w.config.Write && !v.takes(w.config.Prefix) {
		err = failure(w.config, source.StepStream, errSubjects)
	}
	if err != nil {
		return err
	}
	w.see(v)
	return nil
}

// see goes by how the stream is now. Nothing of ours is in one that was made since, of the
// same name, whatever sequences it has.
func (w *worker) see(v *view) {
	if w.view = v; !w.made.Equal(v.info.Created) {
		w.made, w.next = v.info.Created, min(w.next, 1)
		for id, last := range w.heads {
			last.sequence = 0
			w.heads[id] = last
		}
	}
}

// head is the end of a subject, as far as it is known here.
type head struct {
	// sequence is that of its last message, written how many records there are until then,
	// lacks how many of these are in no message that was read; newest is the newest of the
	// last block, or when its writer looked.
	sequence       uint64
	written, lacks int64
	newest         time.Time
	// at is when we wrote it, told until when it says that all is known.
	at, told time.Time
}

// then is the head behind one more block, and how many records are missing before it; where
// that is less than 0, so many of those that were came after all.
func (h head) then(sequence uint64, b *block.Block) (after head, missing int64) {
	n := int64(len(b.Stops))
	after = head{sequence: sequence, written: b.Written, newest: b.Server.Now, told: b.Server.Now}
	if n > 0 {
		after.newest = b.Stops[0].At
	}
	if h.newest.IsZero() {
		return after, 0
	}
	missing = max(b.Written-n-h.written, -h.lacks)
	after.written, after.lacks = h.written+missing+n, h.lacks+missing
	return after, missing
}

// count is how many records there are with one more block: as many more as it has, but not
// less than its writer saw, of which some are missing then, and not more than it knows of,
// for what was missing came after all then. What others saw as well and could not write,
// they have told.
func (h head) count(b *block.Block) int64 {
	count := h.written + int64(len(b.Stops))
	if !b.Server.Now.Before(h.told) {
		count = min(count, b.Existing())
	}
	return max(count, b.Known())
}

// recital is the past being read, and what was found.
type recital struct {
	into *ledger.Recollection
	// taking is what it takes at the moment.
	taking guard.Group
	heads  map[string]head
	// from is since when the past is read, if the stream has all since then.
	from   time.Time
	config Config
	// chapters are for the ledger, once there are enough of them, taken is what it got
	// before that; rooms is where stops were that it is done with.
	chapters, taken []ledger.Chapter
	rooms           [][]model.Stop
	decoder         block.Decoder
	// had are the connections whose records were read.
	had   map[string]store.CIDSet
	count counts
	// progress is told how many blocks were read.
	progress func(int)
}

// recital has heads of its own until the ledger learns what it read: of one that breaks
// off nothing is known, and all of it is read again.
func (w *worker) recital() *recital {
	return &recital{into: w.ledger.Recall(), config: w.config, heads: maps.Clone(w.heads), had: map[string]store.CIDSet{}}
}

// take reads one message.
func (r *recital) take(m message) error {
	id, ours := r.config.serverOf(m.subject)
	if !ours {
		return nil
	}
	before := r.heads[id]
	b, err := r.config.decode(&r.decoder, id, m, r.room())
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
	after, missing := before.then(m.sequence, &b)
	r.heads[id] = after
	if r.had[id] == nil {
		r.had[id] = store.CIDSet{}
	}
	for i := range b.Stops {
		r.had[id].Add(b.Stops[i].CID)
	}
	if r.chapters = append(r.chapters, r.chapter(&b, before, missing)); len(r.chapters) >= perChunk {
		r.flush()
	}
	return nil
}

// chapter is what a block tells behind what is known of its subject, before which so many
// records are missing.
func (r *recital) chapter(b *block.Block, before head, missing int64) ledger.Chapter {
	chapter := ledger.Chapter{Standing: b.Standing, Stops: b.Stops, Unseen: b.Unseen(), Regained: max(-missing, 0)}
	switch {
	case before.newest.IsZero():
		if chapter.Earlier = b.Written - int64(len(b.Stops)); chapter.Earlier > 0 {
			chapter.From = b.Server.Now
			if n := len(b.Stops); n > 0 {
				chapter.From = b.Stops[n-1].At
			}
			if !r.from.IsZero() && r.from.Before(chapter.From) {
				chapter.From = r.from
			}
		}
	case missing > 0:
		chapter.Lacks = []books.Gap{{From: before.newest, To: latest(b.Server.Now, before.newest), Lost: missing, History: true}}
	}
	return chapter
}

// room is where the next stops have room.
func (r *recital) room() []model.Stop {
	last := len(r.rooms) - 1
	if last < 0 {
		return nil
	}
	room := r.rooms[last]
	r.rooms = r.rooms[:last]
	return room
}

// flush gives the ledger what was read, which takes it while the next is read.
func (r *recital) flush() {
	r.taking.Wait()
	for i := range r.taken {
		r.rooms = append(r.rooms, r.taken[i].Stops)
	}
	taken := r.chapters
	r.chapters, r.taken = r.taken[:0], taken
	r.taking.Go(func() { r.into.Take(taken) })
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

// dialTimeout bounds each attempt to connect.
const dialTimeout = 5 * time.Second

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

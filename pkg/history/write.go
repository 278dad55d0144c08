package history

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/natsops/nats-connections-datasource/pkg/history/block"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/advised"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

const (
	// codeSequence and codeSequenceOfReplicas are of an append that somebody else was
	// faster with; streams of several replicas have a code of their own.
	codeSequence           = jetstream.JSErrCodeStreamWrongLastSequence
	codeSequenceOfReplicas = jetstream.JSErrCodeStreamWrongLastSequenceConstant
	// mostConflicts bounds how often in a row somebody else may be.
	mostConflicts = 100
	// perBlock bounds a block in bytes, as far as the servers allow.
	perBlock = 1 << 19
)

// put writes what waits of each of these server processes. What is wrong with one of them
// keeps no other from being written, unless two in a row get no answer: then none will.
func (w *worker) put(ctx context.Context, ids []string) error {
	var first error
	unanswered := 0
	for _, id := range ids {
		err := w.writeOf(ctx, id)
		if first == nil {
			first = err
		}
		var typed *source.Error
		if unanswered++; err == nil || errors.As(err, &typed) && typed.Kind == source.KindProtocol {
			unanswered = 0
		}
		if unanswered == 2 || ctx.Err() != nil {
			break
		}
	}
	return first
}

// writeOf writes what waits of one server process: as many blocks as it takes, each
// behind what others wrote.
func (w *worker) writeOf(ctx context.Context, id string) error {
	most := block.MaxRecords
	for conflicts := 0; ; {
		standing, merges := w.ledger.Standing(id)
		if err := w.awaitTold(ctx, merges); err != nil {
			return err
		}
		part, told := w.pending.first(id, most, min(perBlock, w.view.maxPayload/2))
		if told != merges {
			continue
		}
		n, more := len(part.stops), part.clients+part.leafnodes > 0
		if standing == nil {
			// The ledger forgot it meanwhile, for its age.
			if w.pending.wrote(id, n); !more {
				return nil
			}
			continue
		}
		b := &block.Block{Writer: self, Standing: *standing, Stops: part.stops}
		if more {
			b.Standing = until(b.Standing, part)
		}
		b.Written = w.heads[id].count(b)
		slices.Reverse(b.Stops)
		err := w.append(ctx, b)
		if isConflict(err) && conflicts < mostConflicts {
			conflicts++
			if err := w.catchUp(ctx, id); err != nil {
				return failure(w.config, source.StepRecall, err)
			}
			continue
		}
		if isTooLarge(err) && n > 0 {
			if most = n / 2; most == 0 {
				w.pending.leaveOut(id)
				most = block.MaxRecords
			}
			continue
		}
		if err != nil {
			return failure(w.config, source.StepAppend, err)
		}
		w.pending.wrote(id, n)
		if conflicts, most = 0, block.MaxRecords; !more {
			return nil
		}
	}
}

// until is how books stood when the stops of a part were known, and not yet those that wait
// behind it.
func until(s ledger.Standing, of part) ledger.Standing {
	s.Clients, s.Leafnodes = s.Clients-of.clients, s.Leafnodes-of.leafnodes
	if newest := of.stops[len(of.stops)-1].At; newest.Before(s.Server.Now) {
		s.Server.Now = newest
	}
	// What is not written yet must not seem to be known.
	s.Server.Counters, s.RingSize = model.Counters{}, -1
	return s
}

func isConflict(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && (api.ErrorCode == codeSequence || api.ErrorCode == codeSequenceOfReplicas)
}

// isTooLarge tells of a block that does not fit. What a record weighs is a guess: in a
// block a control character takes six bytes, and strangers choose what clients are called.
func isTooLarge(err error) bool {
	return errors.Is(err, nats.ErrMaxPayload) || errors.Is(err, jetstream.ErrStreamMessageExceedsMaximum)
}

// append writes a block, if it is the next of its subject.
func (w *worker) append(ctx context.Context, b *block.Block) error {
	data, err := block.Encode(w.buffer[:0], b, w.config.Private)
	if err != nil {
		return err
	}
	w.buffer = data
	subject := w.config.subjectOf(b.Server.ID)
	m := nats.NewMsg(subject)
	m.Data = data
	m.Header.Set(sumHeader, sumOf(data))
	asking, done := w.link.Ask(ctx, subject)
	defer done()
	sequence := w.heads[b.Server.ID].sequence
	ack, err := w.view.js.PublishMsg(asking, m, jetstream.WithExpectStream(w.config.Stream),
		jetstream.WithExpectLastSequencePerSubject(sequence), jetstream.WithRetryAttempts(1))
	if err != nil {
		return causeOf(asking, err)
	}
	after, _ := w.heads[b.Server.ID].then(ack.Sequence, b)
	after.at = time.Now()
	w.heads[b.Server.ID] = after
	return nil
}

// catchUp reads what others wrote of a server process. Where they wrote nothing, what
// was there is gone. What a replica that is behind leaves out is the next conflict.
func (w *worker) catchUp(ctx context.Context, id string) error {
	v, err := w.view.beside(ctx, w.config.Stream)
	if err != nil {
		return err
	}
	w.see(v)
	r := w.recital()
	of := scope{subject: w.config.subjectOf(id), fromSequence: w.heads[id].sequence + 1}
	before := w.heads[id]
	err = w.view.each(ctx, of, r.take)
	if err == nil && r.heads[id].sequence == before.sequence {
		before.sequence, of.fromSequence = 0, 1
		r.heads[id] = before
		err = w.view.each(ctx, of, r.take)
	}
	if err != nil {
		return err
	}
	return w.learn(ctx, r)
}

// learn gives the ledger what was read, and does not write again what was in it.
func (w *worker) learn(ctx context.Context, r *recital) error {
	merges := r.end()
	w.telling.note(r.count)
	if err := w.awaitTold(ctx, merges); err != nil {
		return err
	}
	w.pending.strike(r.had)
	w.heads = r.heads
	return nil
}

// awaitTold waits until so many merges were told: the ledger tells them once it is
// unlocked.
func (w *worker) awaitTold(ctx context.Context, merges int) error {
	for w.pending.toldUntil() < merges {
		select {
		case <-w.pending.news:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// listens reports whether what others write is read whenever the servers are.
func (w *worker) listens() bool { return !w.config.Write || w.config.Captured != "" }

// listen reads what others wrote since.
func (w *worker) listen(ctx context.Context) error {
	if !w.config.Write {
		if err := w.follow(ctx); err != nil {
			return failure(w.config, source.StepRecall, err)
		}
	}
	w.supplement(ctx)
	return nil
}

// follow reads what was added to the stream. Who writes learns that behind its own
// blocks.
func (w *worker) follow(ctx context.Context) error {
	v, err := w.view.beside(ctx, w.config.Stream)
	if err != nil {
		return err
	}
	w.see(v)
	r := w.recital()
	of := scope{subject: w.config.Prefix + ".*", fromSequence: w.next}
	last := v.info.State.LastSeq
	if last < of.fromSequence {
		return nil
	}
	of.before = last + 1
	if err := v.each(ctx, of, r.take); err != nil {
		return err
	}
	if err := w.learn(ctx, r); err != nil {
		return err
	}
	w.next = last + 1
	return nil
}

// supplement gives the ledger what others captured since. Nothing else fails with it.
func (w *worker) supplement(ctx context.Context) {
	if w.config.Captured == "" || time.Now().Before(w.others.restsUntil) {
		return
	}
	err := w.readCaptured(ctx)
	if err != nil {
		w.others.restsUntil = time.Now().Add(lastRetry)
		err = failure(w.config.ofCaptured(), source.StepRecall, err)
	}
	w.telling.tellCaptured(err)
}

// mostAtOnce is how many captured stops are read before the ledger takes them, which
// keeps as many as it may.
const mostAtOnce = 10_000

func (w *worker) readCaptured(ctx context.Context) error {
	v, err := w.view.beside(ctx, w.config.Captured)
	if err != nil {
		return err
	}
	last, of := v.info.State.LastSeq, scope{fromSequence: w.others.next}
	switch {
	case of.fromSequence == 0:
		of.fromTime = v.from(w.config.Age)
	case !v.info.Created.Equal(w.others.made):
		of.fromSequence = 1
	}
	if v.info.State.Msgs == 0 || last < of.fromSequence {
		return nil
	}
	of.before = last + 1
	var told []advised.Stop
	err = v.each(ctx, of, func(m message) error {
		// Whatever else is in the stream is for others.
		if server, stop, err := decode.Advisory(m.data); err == nil {
			if w.config.Nameless {
				stop.HidePeople()
			}
			told = append(told, advised.Stop{Server: server, Stop: stop})
		}
		if len(told) == mostAtOnce {
			w.ledger.Supplement(told)
			told = nil
		}
		return nil
	})
	w.ledger.Supplement(told)
	if err == nil {
		w.others.next, w.others.made = last+1, v.info.Created
	}
	return err
}

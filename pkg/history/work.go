package history

import (
	"context"
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

const (
	// gatherFor is how long news is gathered for a block; what is not written yet when
	// the process ends, the next one still finds in the rings.
	gatherFor = 2 * time.Second
	// aliveEvery is how often it is written that nothing happened.
	aliveEvery = 5 * time.Minute
	// firstRetry and lastRetry are how long a stream that fails is left alone.
	firstRetry, lastRetry = time.Second, time.Minute
	// leaveFor is how long the last block may take at the end.
	leaveFor = 2 * time.Second
)

// run works until the history is closed.
func (w *worker) run(ctx context.Context) {
	_ = guard.Run(ctx, "the history", func() { w.work(ctx) })
	w.link.Close()
}

func (w *worker) work(ctx context.Context) {
	retry := firstRetry
	for ctx.Err() == nil {
		err := w.attempt(ctx)
		if w.telling.tell(err); err != nil {
			backend.Logger.FromContext(ctx).Debug("The history failed", "stream", w.config.Stream, "error", err)
			w.view = nil
			sleep(ctx, retry)
			retry = min(2*retry, lastRetry)
			continue
		}
		retry = firstRetry
		w.rest(ctx)
	}
	w.leave(ctx)
}

// attempt is [worker.once], of which a fault of ours is told like others, and tried
// again: what got into the stream is read back first.
func (w *worker) attempt(ctx context.Context) (err error) {
	if fault := guard.Run(ctx, "the history", func() { err = w.once(ctx) }); fault != nil {
		w.recalled = false
		return failure(w.config, source.StepRecall, fault)
	}
	return err
}

// once does what there is to be done.
func (w *worker) once(ctx context.Context) error {
	if w.recalled && len(w.quiet())+len(w.pending.waiting()) == 0 && !w.listens() {
		return nil
	}
	if err := w.look(ctx); err != nil {
		return err
	}
	if !w.recalled {
		if err := w.recall(ctx); err != nil {
			return err
		}
		w.supplement(ctx)
		w.telling.tell(nil)
	} else if err := w.listen(ctx); err != nil {
		return err
	}
	ids := slices.Concat(w.pending.waiting(), w.quiet())
	slices.Sort(ids)
	return w.put(ctx, slices.Compact(ids))
}

// quiet are the ids of servers of which nothing was written for long, though they are
// known until now.
func (w *worker) quiet() []string {
	var ids []string
	for id, last := range w.heads {
		if !w.config.Write || time.Since(last.at) < aliveEvery {
			continue
		}
		if standing, _ := w.ledger.Standing(id); standing != nil && standing.Server.Now.After(last.told) {
			ids = append(ids, id)
		}
	}
	return ids
}

// recall gives the ledger the past.
func (w *worker) recall(ctx context.Context) error {
	total := w.view.info.State
	w.next = total.LastSeq + 1
	r := w.recital()
	r.heads = map[string]head{}
	r.progress = func(blocks int) { w.telling.recalling(blocks, int(total.Msgs)) }
	since := scope{subject: w.config.Prefix + ".*", fromTime: w.view.from(w.config.Age), before: w.next}
	if total.Msgs > 0 {
		if total.FirstTime.Before(since.fromTime) {
			r.from = time.Now().Add(-w.config.Age)
		}
		if err := w.view.each(ctx, since, r.take); err != nil {
			return failure(w.config, source.StepRecall, err)
		}
	}
	w.recalled = true
	if err := w.learn(ctx, r); err != nil || !w.pending.toBegin() {
		return err
	}
	return w.beginWith(ctx, r.had)
}

// beginWith has what memory knows and the stream does not have be written as well: that
// a history is kept may be said long after servers were first read, and again after it
// was not for a while.
func (w *worker) beginWith(ctx context.Context, had map[string]store.CIDSet) error {
	// What is older may be in blocks that were not read. Of whom none was read, a conflict
	// tells that there are some.
	from := model.Nanos(time.Now().Add(-w.config.Age))
	known, merges := w.ledger.Shown(func(id string, cid uint64, at int64) bool {
		return had[id].Has(cid) || len(had[id]) > 0 && at < from
	})
	if err := w.awaitTold(ctx, merges); err != nil {
		return err
	}
	w.pending.begin(known, w.config.Nameless)
	return nil
}

// leave writes what is left at the end.
func (w *worker) leave(ctx context.Context) {
	if !w.recalled {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveFor)
	defer cancel()
	if err := w.look(ctx); err != nil {
		return
	}
	_ = w.put(ctx, w.pending.waiting())
}

// rest waits until there is something to be done, and until there may be enough of it
// for a block.
func (w *worker) rest(ctx context.Context) {
	if len(w.pending.waiting()) == 0 {
		select {
		case <-w.pending.news:
		case <-ctx.Done():
			return
		}
	}
	sleep(ctx, gatherFor)
}

package beyond

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/history"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// margin is how far behind the begin of memory records are told apart one by one: they
// come about in the order of their time only.
const margin = time.Minute

// Asked is one who asks beyond a snapshot. It is for one goroutine.
type Asked struct {
	past     *Past
	ctx      context.Context
	snapshot *ledger.Snapshot
	apps     *app.Namer
	from     source
	extent   history.Extent
	per      uint64
	kept     map[string]*store.Table
	// visited are the chunks that were looked at, the newest first.
	visited []*chunk
	state   State
}

// pollWaiting is how often it is looked whether what waits is written.
const pollWaiting = 100 * time.Millisecond

// Ask is for who asks beyond a snapshot, as long as ctx lasts: what is not read by
// then, the next one reads. Apps are found with the namer.
func (p *Past) Ask(ctx context.Context, snapshot *ledger.Snapshot, apps *app.Namer) *Asked {
	a := &Asked{past: p, ctx: ctx, snapshot: snapshot, apps: apps, kept: map[string]*store.Table{}}
	for i := range snapshot.Kept {
		a.kept[snapshot.Kept[i].ServerID] = &snapshot.Kept[i].Table
	}
	a.awaitWritten()
	reader, extent, err := p.history.Reader(ctx)
	if err != nil {
		a.state.Err = err
		return a
	}
	a.from, a.extent, a.per = reader, extent, p.adopt(extent)
	return a
}

// awaitWritten waits for what memory has no more: it may be written before the stream
// is looked at, but not the other way round. While the stream is away nothing will be.
func (a *Asked) awaitWritten() {
	again := time.NewTicker(pollWaiting)
	defer again.Stop()
	for {
		a.state.Waiting = a.past.history.Unwritten(a.heldSince)
		if a.state.Waiting == 0 || a.past.history.State().Err != nil {
			return
		}
		select {
		case <-again.C:
		case <-a.ctx.Done():
			return
		}
	}
}

// State is how far what was asked reaches.
func (a *Asked) State() State {
	s := a.state
	for _, c := range a.visited {
		s.Unreadable += c.unreadable
		s.Newer += c.newer
	}
	return s
}

// heldSince is since when memory holds all of a server process that was told.
func (a *Asked) heldSince(serverID string) time.Time {
	if held, is := a.snapshot.Held[serverID]; is {
		return held.Since
	}
	return model.Moment(math.MaxInt64)
}

// cutOf is what counts of a part in a span; ok is false where nothing does.
func (a *Asked) cutOf(p *part, span model.TimeRange) (of cut, ok bool) {
	from, to := model.Nanos(span.From), model.Nanos(span.To)
	limit := int64(math.MaxInt64)
	if held, is := a.snapshot.Held[p.id]; is {
		limit = model.Nanos(held.Since.Add(margin))
		to = min(to, limit)
	}
	if kept := a.kept[p.id]; kept != nil && kept.Len() > 0 && p.newest >= kept.At(0) {
		// By another Grafana's clock they may be a little later.
		if of.known = kept.Search(min(limit, math.MaxInt64-int64(margin)) + int64(margin)); of.known > 0 {
			of.limit = limit
		}
	}
	if p.newest < max(from, p.oldest) || p.oldest >= to {
		return of, false
	}
	of.from, of.to = max(from, p.oldest), min(to, p.newest+1)
	words := []string{a.label(&p.life)}
	for _, account := range p.accounts {
		words = append(words, a.snapshot.Accounts.Of(account))
	}
	of.words = strings.Join(words, "\x00")
	return of, true
}

// known are the records of a server process that memory has before a time.
func (a *Asked) known(serverID string, count int) store.CIDSet {
	if count == 0 {
		return nil
	}
	cids := store.CIDSet{}
	for part := range a.kept[serverID].Spans(0, count) {
		for _, cid := range part.CID[part.From:part.To] {
			cids.Add(cid)
		}
	}
	return cids
}

// label is what people call the server of a life: as memory does where it runs there
// still.
func (a *Asked) label(l *life) string {
	if held, is := a.snapshot.Held[l.id]; is {
		return held.Label
	}
	label := ""
	for _, held := range a.snapshot.Held {
		if held.Place == l.place && held.Label > label {
			label = held.Label
		}
	}
	if label != "" {
		return label
	}
	named := slices.DeleteFunc(slices.Clone(a.snapshot.Servers), func(s ledger.ServerState) bool {
		return s.Server.Name != l.name || s.Server.Cluster != l.cluster
	})
	if len(named) == 1 {
		return named[0].Label
	}
	return l.name
}

// walk adds up what each part of a span adds to the question, the newest first, and
// calls last when that is done. Until then the answers are the asker's alone.
func (a *Asked) walk(
	by Question, span model.TimeRange, evaluate func(ledger.Snapshot, model.TimeRange) *answer, add func(*answer), last func(),
) {
	if a.state.Err == nil && a.extent.Messages > 0 {
		back := span.To
		q, done, err := a.past.ask(a.ctx, by)
		defer done()
		if err == nil {
			back, err = a.each(q, span, evaluate, add)
		}
		if err != nil {
			a.state.Back, a.state.To = latest(a.state.Back, back), span.From
			if a.ctx.Err() == nil && !a.state.TooMany {
				a.state.Err = err
			}
		}
	}
	last()
}

// errTooMany ends a walk whose sums do not fit.
var errTooMany = errors.New("too many groups")

// each looks at chunk after chunk; back is how far it came.
func (a *Asked) each(
	q *question, span model.TimeRange, evaluate func(ledger.Snapshot, model.TimeRange) *answer, add func(*answer),
) (back time.Time, err error) {
	seen, size, visited := map[at]bool{}, 0, []*chunk(nil)
	back = soonest(span.To, time.Now())
	for end := a.extent.Last + 1; ; {
		c, err := a.one(q, pieceBefore(end, a.per), span, func(at at, one *answer) {
			seen[at] = true
			if size += one.size(); size <= mostKept {
				q.parts[at] = one
			}
			add(one)
		}, evaluate)
		if err != nil {
			return back, err
		}
		if visited = append(visited, c); len(visited) > len(a.visited) {
			a.visited = visited
		}
		if a.state.TooMany {
			return back, errTooMany
		}
		if !c.written.IsZero() {
			back = soonest(back, c.written.Add(history.Late-a.extent.Ahead))
		}
		if end = c.first; end <= a.extent.First || !back.After(span.From) {
			break
		}
	}
	for place := range q.parts {
		if !seen[place] {
			delete(q.parts, place)
		}
	}
	return back, nil
}

// one is a chunk, of which each part is evaluated, unless that is known.
func (a *Asked) one(
	q *question, of piece, span model.TimeRange, take func(at, *answer), evaluate func(ledger.Snapshot, model.TimeRange) *answer,
) (*chunk, error) {
	c, records := a.past.chunk(of, a.apps)
	read := func() (err error) {
		if records == nil {
			records, err = a.past.read(a.ctx, a.from, of, a.apps)
		}
		return err
	}
	if err := a.ctx.Err(); err != nil {
		return nil, err
	}
	if c == nil {
		if err := read(); err != nil {
			return nil, err
		}
		c = records.chunk
	}
	for i := range c.parts {
		p := &c.parts[i]
		cut, counts := a.cutOf(p, span)
		if !counts {
			continue
		}
		place := at{of, p.id}
		one := q.parts[place]
		if one == nil || one.cut != cut {
			if err := read(); err != nil {
				return nil, err
			}
			one = evaluate(records.snapshot(a.snapshot, p, a.label, a.known(p.id, cut.known)), p.span(cut.from, cut.to))
			one.cut = cut
		}
		take(place, one)
	}
	return c, nil
}

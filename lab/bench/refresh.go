package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/frames"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/query"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/httpmonitor"
)

const (
	goalRefreshNew   = 0.12
	goalRefreshQuiet = 0.01
	// smallPage is how many records a refresh with something new may read.
	smallPage = 64
	byReason  = `{"queryType":"stops","view":"totals","groupBy":["reason","account","server"]}`
)

// compareTimes is a ratio of two times, both told in its note.
func compareTimes(name string, ours, reference time.Duration, goal float64, remark string) result {
	return compare(name, ours.Seconds(), reference.Seconds(), goal,
		fmt.Sprintf("%s ÷ %s%s", ours.Round(time.Microsecond), reference.Round(time.Microsecond), remark))
}

func newLedger(limits ledger.Limits) (*ledger.Ledger, error) {
	apps, err := app.NewNamer(nil)
	if err != nil {
		return nil, err
	}
	return ledger.New(limits, apps), nil
}

// answer is what follows a read: keeping, grouping and framing.
func answer(ledger *ledger.Ledger, readings []model.Reading) error {
	for i := range readings {
		if readings[i].Err != nil {
			return readings[i].Err
		}
	}
	q, err := query.Parse([]byte(byReason), query.ForPanels)
	if err != nil {
		return err
	}
	now := time.Now()
	ctx := frames.Context{Query: q, Classifier: reason.NewClassifier(nil)}
	groups := engine.Groups(ledger.Merge(readings), engine.Selection{
		Range: model.TimeRange{From: now.Add(-24 * time.Hour), To: now.Add(time.Minute)}, Classifier: ctx.Classifier,
	}, q.GroupBy)
	if frame := frames.Totals(ctx, groups); len(frame.Fields) == 0 {
		return errors.New("the answer is empty")
	}
	return nil
}

// refresher reads again and again what one ledger remembers.
type refresher struct {
	reader *httpmonitor.Source
	ledger *ledger.Ledger
	last   model.Reading
}

func (r *refresher) refresh(ctx context.Context) error {
	readings := r.reader.Read(ctx, source.Request{Closed: true, Plan: r.ledger.Plan})
	r.last = readings[0]
	return answer(r.ledger, readings)
}

// quiet refreshes until the ring is left alone.
func (r *refresher) quiet(ctx context.Context) error {
	for range 100 {
		if err := r.refresh(ctx); err != nil {
			return err
		}
		if r.last.Ring == model.RingUnchanged {
			return nil
		}
	}
	return errors.New("the server's counters never stand still")
}

// refreshRing measures what a refresh costs with and without something new.
func refreshRing(
	ctx context.Context, server *testnats.Server, reader *httpmonitor.Source, counted *traffic, bare work, rounds int,
) ([]result, error) {
	ledger, err := newLedger(ledger.DefaultLimits())
	if err != nil {
		return nil, err
	}
	r := &refresher{reader: reader, ledger: ledger}
	largest, ringReads := 0, 0
	something := work{
		prepare: func() error { return testnats.FillRing(ctx, server.Addr, 3, testnats.LongName) },
		run:     func() error { return r.refresh(ctx) },
	}
	nothing := work{
		prepare: func() error {
			largest = max(largest, len(r.last.Closed))
			return r.quiet(ctx)
		},
		run: func() error {
			err := r.refresh(ctx)
			if r.last.Ring != model.RingUnchanged {
				ringReads++
			}
			return err
		},
	}
	if err := r.quiet(ctx); err != nil {
		return nil, err
	}
	times, err := interleave(rounds, bare, something, nothing)
	if err != nil {
		return nil, err
	}
	tookNew, err := counted.of(something)
	if err != nil {
		return nil, err
	}
	tookNothing, err := counted.of(nothing)
	if err != nil {
		return nil, err
	}
	return []result{
		compareTimes("refresh, something new ÷ bare download", times[1], times[0], goalRefreshNew, tookNew),
		compare("refresh, something new: records in the largest answer ÷ allowed", float64(largest), smallPage, 1,
			fmt.Sprintf("%d ÷ %d", largest, smallPage)),
		compareTimes("refresh, nothing new ÷ bare download", times[2], times[0], goalRefreshQuiet,
			fmt.Sprintf("%s; %d ring reads in all", tookNothing, ringReads)),
	}, nil
}

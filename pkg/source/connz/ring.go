package connz

import (
	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// FirstLook is how many of the newest records are asked for first.
const FirstLook = 64

// firstLooks are how many of the newest records are asked for while looking for
// known ones. Each look begins at the newest again: only one page is a
// consistent snapshot, and sorting costs the server more than sending.
var firstLooks = []int{FirstLook, 512, 4096}

// enoughKnown is how many known records a look must show to be trusted to join
// what is known.
const enoughKnown = 16

// Ring reads as much of server's ring as the plan wants.
func (p *Pager) Ring(server model.Server, plan func(model.Server) model.RingPlan) (model.RingState, []model.Stop, error) {
	var want model.RingPlan
	if plan != nil {
		want = plan(server)
	}
	if want.Skip {
		return model.RingUnchanged, nil, nil
	}
	if want.Known != nil {
		for _, limit := range firstLooks {
			if limit > p.MaxLook {
				break
			}
			look, err := p.get(source.StepClosed, 0, limit)
			if err != nil {
				return model.RingNotAsked, nil, err
			}
			if look.last() || joins(look.rows, want) {
				return model.RingRead, look.rows, nil
			}
		}
	}
	rows, err := p.closed()
	if err != nil {
		return model.RingNotAsked, nil, err
	}
	return model.RingRead, rows, nil
}

// joins reports whether below these rows there can be nothing new.
func joins(rows []model.Stop, want model.RingPlan) bool {
	return len(rows) > 0 && !rows[len(rows)-1].At.After(want.Since) && want.Known(rows) >= enoughKnown
}

// overlap is how many rows the rest of a ring begins before the end of its first
// half: that many may be written between the snapshots that the two are.
const overlap = 64

// begin asks for the newest rows and, if they are to be only half of the ring, for
// the rest at the same time. A rest that fails is one without rows.
func (p *Pager) begin() (newest, rest page, err error) {
	if p.Half <= overlap {
		newest, err = p.get(source.StepClosed, 0, p.Size)
		return newest, rest, err
	}
	var wg guard.Group
	size := p.Size
	wg.Go(func() { rest, _ = p.get(source.StepClosed, p.Half-overlap, size) })
	newest, err = p.get(source.StepClosed, 0, p.Half)
	wg.Wait()
	return newest, rest, err
}

// closed reads the ring as it was when its first page was made. Newer records
// push rows to higher offsets, so a next page starts with rows already seen.
func (p *Pager) closed() ([]model.Stop, error) {
	first, rest, err := p.begin()
	if err != nil || first.last() || len(first.rows) == 0 {
		return first.rows, err
	}
	got, offset := collect(first.rows), first.tieStart()
	// The rest must begin before any row that the first half may lack, or else
	// rows slipped through between them.
	if len(rest.rows) > 0 && rest.rows[0].At.After(got.last()) {
		got.add(rest.rows)
		if rest.last() {
			return got.sorted(), nil
		}
		offset = p.Half - overlap + rest.tieStart()
	}
	// Behind a page of which nothing can be read, nobody knows where a page begins.
	lost := false
	for limit := p.Size; ; {
		next, err := p.get(source.StepClosed, offset, limit)
		if err != nil {
			return nil, err
		}
		if offset > 0 && !lost && (next.listed == 0 || len(next.rows) > 0 && next.rows[0].At.Before(got.last())) {
			offset = max(0, offset-next.limit)
			continue
		}
		fresh := got.add(next.rows)
		lost = len(next.rows) == 0
		switch {
		case next.last():
			return got.sorted(), nil
		case fresh, lost:
			offset += next.tieStart()
		case next.limit == limit:
			limit *= 2
		default:
			// More rows of one moment than a page may hold.
			offset += (next.listed + 1) / 2
		}
	}
}

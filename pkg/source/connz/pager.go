package connz

import (
	"slices"
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

// Pager reads the lists of one server page by page. Every page is a snapshot of
// its own (nats-server.md#pages-are-snapshots-of-their-own), so rows move between pages.
type Pager struct {
	// Ask gets a page of the closed connections, newest first, or of the open
	// ones by ascending cid, as the step says. With Half it must be safe for
	// concurrent use.
	Ask func(list source.Step, offset, limit int) (decode.Page, error)
	// Size is how many rows a page holds.
	Size int
	// MaxLook is how many rows may be looked at for known ones at once.
	MaxLook int
	// Half is how many rows of a whole ring to ask for in one page while another
	// brings the rest; 0 asks for one page after the other.
	Half int
}

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
func (p Pager) Ring(server model.Server, plan func(model.Server) model.RingPlan) (model.RingState, []model.Stop, error) {
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
			look, err := p.Ask(source.StepClosed, 0, limit)
			if err != nil {
				return model.RingNotAsked, nil, err
			}
			if len(look.Rows) < limit || joins(look.Rows, want) {
				return model.RingRead, look.Rows, nil
			}
		}
	}
	rows, err := p.closed()
	if err != nil {
		return model.RingNotAsked, nil, err
	}
	return model.RingRead, rows, nil
}

// joins tells whether below these rows there can be nothing new.
func joins(rows []model.Stop, want model.RingPlan) bool {
	return !rows[len(rows)-1].At.After(want.Since) && countKnown(rows, want.Known) >= enoughKnown
}

func countKnown(rows []model.Stop, known func(uint64) bool) int {
	count := 0
	for i := range rows {
		if known(rows[i].CID) {
			count++
		}
	}
	return count
}

// overlap is how many rows the rest of a ring begins before the end of its first
// half: that many may be written between the snapshots that the two are.
const overlap = 64

// begin asks for the newest rows and, if they are to be only half of the ring, for
// the rest at the same time. A rest that fails is one without rows.
func (p Pager) begin() (newest, rest decode.Page, limit int, err error) {
	if p.Half <= overlap {
		newest, err = p.Ask(source.StepClosed, 0, p.Size)
		return newest, rest, p.Size, err
	}
	var wg sync.WaitGroup
	wg.Go(func() { rest, _ = p.Ask(source.StepClosed, p.Half-overlap, p.Size) })
	newest, err = p.Ask(source.StepClosed, 0, p.Half)
	wg.Wait()
	return newest, rest, p.Half, err
}

// closed reads the ring as it was when its first page was made. Newer records
// push rows to higher offsets, so a next page starts with rows already seen.
func (p Pager) closed() ([]model.Stop, error) {
	first, rest, limit, err := p.begin()
	if err != nil || len(first.Rows) < limit {
		return first.Rows, err
	}
	got, offset := collect(first.Rows), tieStart(first.Rows)
	// The rest must begin before any row that the first half may lack, or else
	// rows slipped through between them.
	if len(rest.Rows) > 0 && rest.Rows[0].At.After(got.last()) {
		got.add(rest.Rows)
		if len(rest.Rows) < p.Size {
			return got.sorted(), nil
		}
		offset = p.Half - overlap + tieStart(rest.Rows)
	}
	for limit = p.Size; ; {
		next, err := p.Ask(source.StepClosed, offset, limit)
		if err != nil {
			return nil, err
		}
		if offset > 0 && (len(next.Rows) == 0 || next.Rows[0].At.Before(got.last())) {
			offset = max(0, offset-limit)
			continue
		}
		fresh := got.add(next.Rows)
		if len(next.Rows) < limit {
			return got.sorted(), nil
		}
		if !fresh {
			limit *= 2
			continue
		}
		offset += tieStart(next.Rows)
	}
}

// Open reads the open connections by ascending cid. Departures pull rows to
// lower offsets, so a page must begin at or before the last cid seen, or else
// rows slipped past and the read steps back.
func (p Pager) Open() ([]model.Connection, error) {
	limit := p.Size
	overlap := min(max(1, limit/8), 256)
	all := []model.Connection{}
	seen := newSeen(nil)
	var last uint64
	for offset, back := 0, overlap; ; {
		next, err := p.Ask(source.StepOpen, offset, limit)
		if err != nil {
			return nil, err
		}
		if offset > 0 && (len(next.Rows) == 0 || next.Rows[0].CID > last) {
			offset = max(0, offset-back)
			back *= 2
			continue
		}
		back = overlap
		for _, row := range next.Rows {
			if seen.add(row.CID) {
				all = append(all, row.Connection)
				last = max(last, row.CID)
			}
		}
		if len(next.Rows) < limit {
			return all, nil
		}
		offset += max(1, len(next.Rows)-overlap)
	}
}

// tieStart is the index of the first row that stopped when the last one did:
// the server sorts unstably, so such rows may swap places between pages.
func tieStart(rows []model.Stop) int {
	i := len(rows) - 1
	for i > 0 && rows[i-1].At.Equal(rows[i].At) {
		i--
	}
	return i
}

// collected are the rows of several pages, each once.
type collected struct {
	rows   []model.Stop
	seen   seen
	newest time.Time
}

func collect(first []model.Stop) *collected {
	return &collected{rows: first, seen: newSeen(first), newest: first[0].At}
}

// add takes what an older page has, and tells whether any of it is new. Records
// newer than the first page are left to the next read: with only some of them,
// those between would look as if read.
func (c *collected) add(page []model.Stop) bool {
	known := len(c.rows)
	c.rows = slices.Grow(c.rows, len(page))
	for i := range page {
		if !page[i].At.After(c.newest) && c.seen.add(page[i].CID) {
			c.rows = append(c.rows, page[i])
		}
	}
	return len(c.rows) > known
}

func (c *collected) last() time.Time { return c.rows[len(c.rows)-1].At }

// sorted are all rows, newest first: a record that was written late came on a
// later page than its time says.
func (c *collected) sorted() []model.Stop {
	newestFirst := func(a, b model.Stop) int { return b.At.Compare(a.At) }
	if !slices.IsSortedFunc(c.rows, newestFirst) {
		slices.SortStableFunc(c.rows, newestFirst)
	}
	return c.rows
}

type seen map[uint64]struct{}

func newSeen(rows []model.Stop) seen {
	s := make(seen, len(rows))
	for i := range rows {
		s[rows[i].CID] = struct{}{}
	}
	return s
}

// add tells whether cid is new.
func (s seen) add(cid uint64) bool {
	if _, known := s[cid]; known {
		return false
	}
	s[cid] = struct{}{}
	return true
}

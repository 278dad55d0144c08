package connz

import (
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/stops"
)

// Pager reads the lists of one server page by page. Every page is a snapshot of
// its own (nats-server monitor.go:525-567), so rows move between pages.
type Pager struct {
	// Ask gets a page of the closed connections, newest first, or of the open
	// ones by ascending cid, as the step says.
	Ask func(list source.Step, offset, limit int) (Page, error)
	// Size is how many rows a page holds.
	Size int
	// MaxLook is how many rows may be looked at for known ones at once.
	MaxLook int
}

// FirstLook is how many of the newest records are asked for first.
const FirstLook = 64

// firstLooks are how many of the newest records are asked for while looking for
// known ones. Each look begins at the newest again: only one page is a
// consistent snapshot, and sorting costs the server more than sending.
var firstLooks = []int{FirstLook, 512, 4096}

// enoughKnown is how many known records a look must show to be trusted to have
// nothing new below them: records are written by a goroutine each, so one may
// come a little late (nats-server client.go:2080).
const enoughKnown = 16

// Ring reads as much of server's ring as the plan wants.
func (p Pager) Ring(server stops.Server, plan func(stops.Server) stops.RingPlan) (stops.RingState, []stops.Stop, error) {
	var want stops.RingPlan
	if plan != nil {
		want = plan(server)
	}
	if want.Skip {
		return stops.RingUnchanged, nil, nil
	}
	if want.Known != nil {
		for _, limit := range firstLooks {
			if limit > p.MaxLook {
				break
			}
			look, err := p.Ask(source.StepClosed, 0, limit)
			if err != nil {
				return stops.RingNotAsked, nil, err
			}
			if len(look.Rows) < limit || countKnown(look.Rows, want.Known) >= enoughKnown {
				return stops.RingRead, look.Rows, nil
			}
		}
	}
	rows, err := p.closed()
	if err != nil {
		return stops.RingNotAsked, nil, err
	}
	return stops.RingRead, rows, nil
}

func countKnown(rows []stops.Stop, known func(uint64) bool) int {
	count := 0
	for i := range rows {
		if known(rows[i].CID) {
			count++
		}
	}
	return count
}

// closed reads the ring as it was when its first page was made. Newer records
// push rows to higher offsets, so a next page starts with rows already seen.
func (p Pager) closed() ([]stops.Stop, error) {
	limit := p.Size
	first, err := p.Ask(source.StepClosed, 0, limit)
	if err != nil || len(first.Rows) < limit {
		return first.Rows, err
	}
	all, seen := first.Rows, newSeen(first.Rows)
	newest := all[0].At
	for offset := tieStart(all); ; {
		next, err := p.Ask(source.StepClosed, offset, limit)
		if err != nil {
			return nil, err
		}
		last := all[len(all)-1].At
		if offset > 0 && (len(next.Rows) == 0 || next.Rows[0].At.Before(last)) {
			offset = max(0, offset-limit)
			continue
		}
		known := len(all)
		for _, row := range next.Rows {
			// Records newer than the first page are left to the next read: with
			// only some of them, those between would look as if read.
			if !row.At.After(newest) && seen.add(row.CID) {
				all = append(all, row)
			}
		}
		if len(next.Rows) < limit {
			// A record that was written late came on a later page than its time says.
			slices.SortStableFunc(all, func(a, b stops.Stop) int { return b.At.Compare(a.At) })
			return all, nil
		}
		if len(all) == known {
			limit *= 2
			continue
		}
		offset += tieStart(next.Rows)
	}
}

// Open reads the open connections by ascending cid. Departures pull rows to
// lower offsets, so a page must begin at or before the last cid seen, or else
// rows slipped past and the read steps back.
func (p Pager) Open() ([]stops.Connection, error) {
	limit := p.Size
	overlap := min(max(1, limit/8), 256)
	all := []stops.Connection{}
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
func tieStart(rows []stops.Stop) int {
	i := len(rows) - 1
	for i > 0 && rows[i-1].At.Equal(rows[i].At) {
		i--
	}
	return i
}

type seen map[uint64]struct{}

func newSeen(rows []stops.Stop) seen {
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

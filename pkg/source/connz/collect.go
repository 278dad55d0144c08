package connz

import (
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// tieStart is how far the next page begins behind this one: at the first row
// that stopped when the last one did, since the server sorts unstably, so such
// rows may swap places between pages.
func (p page) tieStart() int {
	i := len(p.rows) - 1
	if i < 0 {
		return p.listed
	}
	for i > 0 && p.rows[i-1].At.Equal(p.rows[i].At) {
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

// add takes what an older page has, and reports whether any of it is new. Records
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

// add reports whether cid is new.
func (s seen) add(cid uint64) bool {
	if _, known := s[cid]; known {
		return false
	}
	s[cid] = struct{}{}
	return true
}

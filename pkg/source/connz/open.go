package connz

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// Open reads the open connections by ascending cid, and when the server made
// the first page of them. Departures pull rows to lower offsets, so a page must
// begin at or before the last cid seen, or else rows slipped past and the read
// steps back.
func (p *Pager) Open() (all []model.Connection, made time.Time, err error) {
	all = []model.Connection{}
	seen := newSeen(nil)
	var last uint64
	back, lost := 0, false // lost: the page before cannot be read at all
	for offset := 0; ; {
		next, err := p.get(source.StepOpen, offset, p.Size)
		if err != nil {
			return nil, time.Time{}, err
		}
		overlap := min(max(1, next.limit/8), 256)
		if offset > 0 && !lost && (next.listed == 0 || len(next.rows) > 0 && next.rows[0].CID > last) {
			back = max(2*back, overlap)
			offset = max(0, offset-back)
			continue
		}
		lost = len(next.rows) == 0
		if back = 0; made.IsZero() {
			made = next.now
		}
		for i := range next.rows {
			if row := &next.rows[i]; seen.add(row.CID) {
				all = append(all, row.Connection)
				last = max(last, row.CID)
			}
		}
		if next.last() {
			return all, made, nil
		}
		offset += max(1, next.listed-overlap)
	}
}

// fewOpen are quickly listed in whole, in an order that does not change: which of
// those that are equal come first is otherwise the server's choice, another one
// each time.
const fewOpen = 1024

// OpenOf reads the open connections of a server that are asked for into a reading.
func (p *Pager) OpenOf(r *model.Reading, top source.Top) {
	if !top.All() && top.Most <= p.Size && r.Server.Open > max(fewOpen, 2*int64(top.Most)) {
		answer, err := p.Sorted(top.Sort, top.Most)
		if err == nil {
			first := p.take(source.StepOpen, answer, top.Most)
			r.Open, r.OpenAt, r.OpenMore = oldestFirst(first.rows), first.now, max(answer.Total-int64(first.listed), 0)
			return
		}
		if !errors.Is(err, ErrTooLarge) {
			r.Err = err
			return
		}
	}
	r.Open, r.OpenAt, r.Err = p.Open()
}

func oldestFirst(rows []model.Stop) []model.Connection {
	slices.SortFunc(rows, func(a, b model.Stop) int { return cmp.Compare(a.CID, b.CID) })
	connections := make([]model.Connection, len(rows))
	for i := range rows {
		connections[i] = rows[i].Connection
	}
	return connections
}

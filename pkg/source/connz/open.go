package connz

import (
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

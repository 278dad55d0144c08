package monitor

import (
	"context"
	"strconv"

	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/stops"
)

// pager reads one list of one server page by page. Every page is a snapshot of
// its own (nats-server monitor.go:525-567), so rows move between pages.
type pager struct {
	*endpoint
	ctx   context.Context
	asked *[]string
}

// maxRequests ends the read of a list that moves faster than it is read.
const maxRequests = 500

func (p *pager) page(step source.Step, server stops.Server, query string, offset, limit int) (page, error) {
	if len(*p.asked) >= maxRequests {
		return page{}, p.fail(step, source.KindProtocol, nil, "Its list changes faster than it can be read.",
			"Try again; if this stays so, see which clients connect so often.")
	}
	path := "/connz?" + query + "&limit=" + strconv.Itoa(limit)
	if offset > 0 {
		path += "&offset=" + strconv.Itoa(offset)
	}
	body, err := p.get(step, path)
	if err != nil {
		return page{}, err
	}
	result, err := decodeConnz(body, server)
	if err != nil {
		return page{}, p.undecodable(step, err)
	}
	if result.serverID != "" && result.serverID != server.ID {
		return page{}, p.fail(step, source.KindConfiguration, source.ErrServerChanged,
			"Its server changed while it was read, twice in a row.",
			"If the URL leads to a load balancer, list each server's own URL instead; if the server is restarting, try again.")
	}
	return result, nil
}

// firstLooks are how many of the newest records are asked for while looking for
// known ones. Each look begins at the newest again: only one page is a
// consistent snapshot, and sorting costs the server more than sending.
var firstLooks = []int{64, 512, 4096}

// enoughKnown is how many known records a look must show to be trusted to have
// nothing new below them: records are written by a goroutine each, so one may
// come a little late (nats-server client.go:2080).
const enoughKnown = 16

// ring reads as much of the ring as the plan wants.
func (p *pager) ring(server stops.Server, plan func(stops.Server) stops.RingPlan) (stops.RingState, []stops.Stop, error) {
	var want stops.RingPlan
	if plan != nil {
		want = plan(server)
	}
	if want.Skip {
		return stops.RingUnchanged, nil, nil
	}
	if want.Known != nil {
		for _, limit := range firstLooks {
			look, err := p.page(source.StepClosed, server, closedQuery, 0, limit)
			if err != nil {
				return stops.RingNotAsked, nil, err
			}
			if len(look.rows) < limit || countKnown(look.rows, want.Known) >= enoughKnown {
				return stops.RingRead, look.rows, nil
			}
		}
	}
	rows, err := p.closed(server)
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

const closedQuery = "state=closed&auth=1&sort=stop"

// closed reads the ring as it was when its first page was made. Newer records
// push rows to higher offsets, so a next page starts with rows already seen.
func (p *pager) closed(server stops.Server) ([]stops.Stop, error) {
	limit := p.pageSize
	first, err := p.page(source.StepClosed, server, closedQuery, 0, limit)
	if err != nil || len(first.rows) < limit {
		return first.rows, err
	}
	all, seen := first.rows, newSeen(first.rows)
	newest := all[0].At
	for offset := tieStart(all); ; {
		next, err := p.page(source.StepClosed, server, closedQuery, offset, limit)
		if err != nil {
			return nil, err
		}
		last := all[len(all)-1].At
		if offset > 0 && (len(next.rows) == 0 || next.rows[0].At.Before(last)) {
			offset = max(0, offset-limit)
			continue
		}
		known := len(all)
		for _, row := range next.rows {
			// Records newer than the first page are left to the next read: with
			// only some of them, those between would look as if read.
			if !row.At.After(newest) && seen.add(row.CID) {
				all = append(all, row)
			}
		}
		if len(next.rows) < limit {
			return all, nil
		}
		if len(all) == known {
			limit *= 2
			continue
		}
		offset += tieStart(next.rows)
	}
}

// open reads the open connections by ascending cid. Departures pull rows to
// lower offsets, so a page must begin at or before the last cid seen, or else
// rows slipped past and the read steps back.
func (p *pager) open(server stops.Server) ([]stops.Connection, error) {
	const query = "state=open&auth=1&sort=cid"
	limit := p.pageSize
	overlap := min(max(1, limit/8), 256)
	all := []stops.Connection{}
	seen := newSeen(nil)
	var last uint64
	for offset, back := 0, overlap; ; {
		next, err := p.page(source.StepOpen, server, query, offset, limit)
		if err != nil {
			return nil, err
		}
		if offset > 0 && (len(next.rows) == 0 || next.rows[0].CID > last) {
			offset = max(0, offset-back)
			back *= 2
			continue
		}
		back = overlap
		for _, row := range next.rows {
			if seen.add(row.CID) {
				all = append(all, row.Connection)
				last = max(last, row.CID)
			}
		}
		if len(next.rows) < limit {
			return all, nil
		}
		offset += max(1, len(next.rows)-overlap)
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

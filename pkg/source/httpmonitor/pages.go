package httpmonitor

import (
	"slices"
	"strconv"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

// maxRequests ends the read of a list that moves faster than it is read.
const maxRequests = 500

// maxLook is how many of the newest records are looked at for known ones at most.
const maxLook = 4096

const listOpen = "state=open&auth=1&sort="

// lists are the lists of /connz, in the order that [connz.Pager] needs.
var lists = map[source.Step]string{
	source.StepClosed: "state=closed&auth=1&sort=stop",
	source.StepOpen:   listOpen + "cid",
}

const (
	// defaultRing is how many records a ring holds unless configured (nats-server.md#the-ring-of-closed-connections).
	defaultRing = 10_000
	// smallRing is printed sooner than it is worth sorting it twice.
	smallRing = 2_000
)

func (r *reader) pager() *connz.Pager {
	return &connz.Pager{
		Size: r.pageSize, MaxLook: maxLook, Half: r.half(),
		Ask: func(list source.Step, offset, limit int) (decode.Page, error) {
			return r.page(list, lists[list], offset, limit)
		},
		Sorted: func(sort string, limit int) (decode.Page, error) {
			return r.page(source.StepOpen, listOpen+sort, 0, limit)
		},
	}
}

// half is how many rows are half of the server's ring, as far as one can guess.
// Servers spend nine tenths of an answer on printing it, on one core: two at
// once are there in little more than half the time, for one sort more.
func (r *reader) half() int {
	ring := min(r.rows(source.StepClosed), 2*r.pageSize)
	if ring < smallRing {
		return 0
	}
	return ring / 2
}

// rows is how many a list may well have.
func (r *reader) rows(list source.Step) int {
	if list == source.StepOpen {
		return int(r.server.Open)
	}
	return int(min(r.server.Closed(), defaultRing))
}

func (r *reader) page(list source.Step, what string, offset, limit int) (decode.Page, error) {
	if r.requests() >= maxRequests {
		return decode.Page{}, r.fail(list, source.KindProtocol, nil, "Its list changes faster than it can be read.",
			"Try again; if this stays so, see which clients connect so often.")
	}
	path := "/connz?" + what + "&limit=" + strconv.Itoa(limit)
	if offset > 0 {
		path += "&offset=" + strconv.Itoa(offset)
	}
	got, err := r.get(r.ctx, list, path, int64(min(limit, max(0, r.rows(list)-offset)))*recordSize)
	if err != nil {
		return decode.Page{}, err
	}
	result, err := decode.List(got.body, r.server)
	if err != nil {
		return decode.Page{}, r.undecodable(list, err)
	}
	if result.ServerID != "" && result.ServerID != r.server.ID {
		return decode.Page{}, r.changed(list)
	}
	switch apart := r.apart(result.Now, got); {
	case got.age > staleAfter:
		return decode.Page{}, r.stale(list, got.age)
	case apart > staleAfter:
		return decode.Page{}, r.stale(list, apart)
	case result.Limit > 0 && result.Limit != int64(limit), otherwise[list](result.Rows):
		return decode.Page{}, r.fail(list, source.KindConfiguration, nil, "It answers another question than it was asked.",
			"What stands in front of the server must pass on what follows the ? of a URL, and keep no answers.")
	}
	return result, nil
}

// otherwise reports whether rows are of another list: only closed connections have
// a time and a reason.
var otherwise = map[source.Step]func(rows []model.Stop) bool{
	source.StepClosed: func(rows []model.Stop) bool { return len(rows) > 0 && !slices.ContainsFunc(rows, ended) },
	source.StepOpen:   func(rows []model.Stop) bool { return slices.ContainsFunc(rows, ended) },
}

func ended(s model.Stop) bool { return s.Reason != "" || !s.At.IsZero() }

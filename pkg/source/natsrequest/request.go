package natsrequest

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/nats-io/nats.go"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

const (
	// pageSize keeps an answer small: a leafnode drops its link over one larger
	// than its max_payload (nats-server.md#a-leafnode-drops-its-link-over-a-large-answer).
	pageSize = 1024
	// maxRequests ends the read of a list that moves faster than it is read.
	maxRequests = 500
)

func (r *reader) read(ctx context.Context, req source.Request) model.Reading {
	r.ctx = ctx
	r.asked = []string{r.ping.String()}
	reading := model.Reading{Endpoint: r.endpoint, Server: r.server, Account: r.scope.account()}
	source.Heard(&reading, r.answer.asked, r.came)
	r.server = reading.Server
	pager := &connz.Pager{Ask: r.page, Sorted: r.sorted, Size: r.pageSize, MaxLook: r.pageSize}
	if req.Closed {
		reading.Ring, reading.Closed, reading.Err = pager.Ring(r.server, req.Plan)
		reading.RingSize = pager.Held()
	}
	if req.Open && reading.Err == nil {
		pager.OpenOf(&reading, req.Top)
	}
	reading.Flaws = append(r.flaws.Counts(), pager.Flaws()...)
	reading.Asked, reading.Bytes = r.asked, r.bytes
	return reading
}

func (r *reader) page(list source.Step, offset, limit int) (decode.Page, error) {
	if page, sent := r.sentAlong(list, offset, limit); sent {
		return page, nil
	}
	return r.ask(list, pageOf(list, offset, limit))
}

func (r *reader) sorted(sort string, limit int) (decode.Page, error) {
	q := pageOf(source.StepOpen, 0, limit)
	q.Sort = sort
	return r.ask(source.StepOpen, q)
}

func (r *reader) ask(list source.Step, q question) (decode.Page, error) {
	if len(r.asked) >= maxRequests {
		return decode.Page{}, failure(list, r.endpoint, errMoving)
	}
	page, err := r.scope.page(r, q)
	if err != nil {
		return decode.Page{}, failure(list, r.endpoint, r.scope.explain(err))
	}
	return page, nil
}

// sentAlong is the page as far as the answer to the ping holds it.
func (r *reader) sentAlong(list source.Step, offset, limit int) (decode.Page, bool) {
	page := r.answer.page
	whole := page.Listed < r.ping.limit
	if list != r.ping.list || offset > 0 || limit > r.ping.limit && !whole {
		return decode.Page{}, false
	}
	page.Rows, page.Listed = page.Rows[:min(limit, len(page.Rows))], min(limit, page.Listed)
	return page, true
}

// note keeps a request for people to see.
func (r *reader) note(subject string, q question) ([]byte, error) {
	body, err := json.Marshal(q)
	r.asked = append(r.asked, subject+" "+string(body))
	return body, err
}

func (r *reader) request(subject string, body []byte) ([]byte, error) {
	asking, done := r.link.Ask(r.ctx, subject)
	defer done()
	ctx, cancel := context.WithTimeout(asking, r.timeout)
	defer cancel()
	msg := nats.NewMsg(subject)
	msg.Header.Set("Accept-Encoding", compression)
	msg.Data = body
	reply, err := r.conn.RequestMsgWithContext(ctx, msg)
	switch {
	case err != nil && asking.Err() != nil:
		return nil, context.Cause(asking)
	case errors.Is(err, nats.ErrNoResponders):
		return nil, errLeft
	case err != nil:
		return nil, err
	}
	r.bytes += int64(len(reply.Data))
	return uncompressed(reply)
}

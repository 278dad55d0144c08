package system

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/klauspost/compress/s2"
	"github.com/nats-io/nats.go"

	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz"
	"github.com/natsops/nats-connections-datasource/pkg/stops"
)

const (
	// pageSize keeps an answer small: a leafnode drops its link over one larger
	// than its max_payload (nats-server leafnode.go:3202).
	pageSize = 1024
	// maxAnswer is how much an answer may hold once it is uncompressed.
	maxAnswer = 64 << 20
	// maxRequests ends the read of a list that moves faster than it is read.
	maxRequests = 500
)

// question is what is asked of CONNZ (nats-server monitor.go:60-113).
type question struct {
	// State is a number here, unlike over HTTP: 0 is open, 1 closed.
	State  int    `json:"state"`
	Sort   string `json:"sort"`
	Auth   bool   `json:"auth"`
	Offset int    `json:"offset,omitempty"`
	Limit  int    `json:"limit"`
}

var lists = map[source.Step]question{
	source.StepOpen:   {State: 0, Sort: "cid", Auth: true},
	source.StepClosed: {State: 1, Sort: "stop", Auth: true},
}

// reader reads the lists of one server.
type reader struct {
	*Source
	ctx      context.Context
	conn     *nats.Conn
	endpoint string
	server   stops.Server
	asked    *[]string
}

func (s *Source) read(ctx context.Context, conn *nats.Conn, endpoint string, server stops.Server, req source.Request) stops.Reading {
	reading := stops.Reading{Endpoint: endpoint, Server: server, Asked: []string{subjectStatsz}}
	r := &reader{Source: s, ctx: ctx, conn: conn, endpoint: endpoint, server: server, asked: &reading.Asked}
	pager := connz.Pager{Ask: r.page, Size: s.pageSize, MaxLook: s.pageSize}
	if req.Closed {
		if reading.Ring, reading.Closed, reading.Err = pager.Ring(server, req.Plan); reading.Err != nil {
			return reading
		}
	}
	if req.Open {
		reading.Open, reading.Err = pager.Open()
	}
	return reading
}

func (r *reader) page(list source.Step, offset, limit int) (connz.Page, error) {
	if len(*r.asked) >= maxRequests {
		return connz.Page{}, failure(list, r.endpoint, errMoving)
	}
	q := lists[list]
	q.Offset, q.Limit = offset, limit
	body, err := json.Marshal(q)
	if err != nil {
		return connz.Page{}, failure(list, r.endpoint, err)
	}
	subject := "$SYS.REQ.SERVER." + r.server.ID + ".CONNZ"
	*r.asked = append(*r.asked, subject+" "+string(body))
	reply, err := r.request(subject, body)
	if err != nil {
		return connz.Page{}, failure(list, r.endpoint, err)
	}
	page, err := connz.DecodeReply(reply, r.server)
	if err != nil {
		return connz.Page{}, failure(list, r.endpoint, &undecodableError{err})
	}
	return page, nil
}

func (r *reader) request(subject string, body []byte) ([]byte, error) {
	asking, done := r.link.ask(r.ctx, subject)
	defer done()
	ctx, cancel := context.WithTimeout(asking, r.timeout)
	defer cancel()
	msg := nats.NewMsg(subject)
	// Costs the server less than gzip does.
	msg.Header.Set("Accept-Encoding", "snappy")
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
	if reply.Header.Get("Content-Encoding") != "snappy" {
		return reply.Data, nil
	}
	return uncompress(reply.Data)
}

func uncompress(data []byte) ([]byte, error) {
	plain, err := io.ReadAll(io.LimitReader(s2.NewReader(bytes.NewReader(data)), maxAnswer+1))
	if err != nil {
		return nil, &undecodableError{err}
	}
	if len(plain) > maxAnswer {
		return nil, errTooLarge
	}
	return plain, nil
}

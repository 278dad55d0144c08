package httpmonitor

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// endpoint is where one server's monitoring answers.
type endpoint struct {
	config
	client *http.Client
	base   string
	// host is the Host header, if base has an address instead of a name.
	host  string
	label string
	rest  rest
}

// readTwice reads the server; once more if it changed or left in the middle, since
// what was read of the former process says nothing about the present one.
func (e *endpoint) readTwice(ctx context.Context, req source.Request) model.Reading {
	r := e.readOnce(ctx, req)
	if errors.Is(r.Err, source.ErrServerChanged) || errors.Is(r.Err, io.ErrUnexpectedEOF) {
		before := r
		r = e.readOnce(ctx, req)
		r.Asked, r.Bytes = append(before.Asked, r.Asked...), before.Bytes+r.Bytes
	}
	return r
}

// readOnce asks for identity and counters before the lists, so that whatever
// the counters say has stopped is in the list, or known to be missing.
func (e *endpoint) readOnce(ctx context.Context, req source.Request) model.Reading {
	reading := model.Reading{Endpoint: e.label}
	r := &reader{endpoint: e, ctx: ctx, asked: &reading.Asked, bytes: &reading.Bytes}
	server, heard, err := r.identity()
	if err != nil {
		reading.Err = err
		return reading
	}
	reading.Server = server
	source.Heard(&reading, heard.asked, heard.answered)
	pager := r.pager(server)
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

// identity is who answers, and the reply that says so.
func (r *reader) identity() (model.Server, reply, error) {
	heard, err := r.get(source.StepIdentity, "/varz", counterSize)
	if err != nil {
		return model.Server{}, reply{}, err
	}
	server, err := decodeVarz(heard.body)
	if err != nil {
		return model.Server{}, reply{}, r.undecodable(source.StepIdentity, err)
	}
	if server.ID == "" {
		return model.Server{}, reply{}, r.fail(source.StepIdentity, source.KindConfiguration, nil,
			"It answers, but not as a NATS server.",
			"Use the base URL of the server's monitoring port, such as http://nats-1:8222.")
	}
	return server, heard, nil
}

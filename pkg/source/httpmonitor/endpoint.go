package httpmonitor

import (
	"context"
	"errors"
	"io"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

// read reads the server unless it does not answer in time lately. What tells
// that it does again is what is asked now: counters may be quick where lists are not.
func (e *endpoint) read(ctx context.Context, req source.Request) model.Reading {
	if !req.Patient {
		probe := func(ctx context.Context) error {
			bounded, cancel := context.WithTimeout(ctx, e.bound)
			defer cancel()
			return e.readOnce(bounded, req).Err
		}
		if err := e.breaker.Open(ctx, probe); err != nil {
			return model.Reading{Endpoint: e.label, Err: err}
		}
	}
	r := source.Guarded(ctx, e.label, func() model.Reading { return e.readTwice(ctx, req) })
	e.breaker.Note(r.Err)
	return r
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
	r := &reader{endpoint: e, ctx: ctx, patient: req.Patient, asked: &reading.Asked, bytes: &reading.Bytes}
	server, flaws, heard, err := r.identity(ctx)
	if err != nil {
		reading.Err = err
		return reading
	}
	reading.Server = server
	source.Heard(&reading, heard.asked, heard.answered)
	r.server, r.heard = reading.Server, heard
	pager := r.pager()
	if req.Closed {
		reading.Ring, reading.Closed, reading.Err = pager.Ring(r.server, req.Plan)
		reading.RingSize = pager.Held()
	}
	if req.Open && reading.Err == nil {
		pager.OpenOf(&reading, req.Top)
	}
	if req.Patient && reading.Err == nil {
		reading.Err = r.again(ctx)
	}
	reading.Flaws = append(flaws.Counts(), pager.Flaws()...)
	return reading
}

// again asks once more who answers, as the next read would.
func (r *reader) again(ctx context.Context) error {
	server, _, _, err := r.identity(ctx)
	if err == nil && server.ID != r.server.ID {
		return r.changed(source.StepIdentity)
	}
	return err
}

func (r *reader) changed(step source.Step) *source.Error {
	return r.fail(step, source.KindConfiguration, source.ErrServerChanged,
		"Its server changed while it was read, twice in a row.",
		"If the URL leads to a load balancer, list each server's own URL instead; if the server is restarting, try again.")
}

// identity is who answers, and the reply that says so.
func (r *reader) identity(ctx context.Context) (model.Server, decode.Flaws, reply, error) {
	got, err := r.get(ctx, source.StepIdentity, "/varz", counterSize)
	if err != nil {
		return model.Server{}, nil, reply{}, err
	}
	server, flaws, err := decode.Varz(got.body)
	if err != nil {
		return model.Server{}, nil, reply{}, r.undecodable(source.StepIdentity, err)
	}
	if server.ID == "" {
		return model.Server{}, nil, reply{}, r.fail(source.StepIdentity, source.KindConfiguration, nil,
			"It answers, but not as a NATS server.",
			"Use the base URL of the server's monitoring port, such as http://nats-1:8222.")
	}
	if age := max(got.age, r.fresh.age(server, got.answered)); age > staleAfter {
		return model.Server{}, nil, reply{}, r.stale(source.StepIdentity, age)
	}
	return server, flaws, got, nil
}

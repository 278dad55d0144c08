package natsrequest

import (
	"context"

	"github.com/nats-io/nats.go"

	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

// systemScope is that of the system account: everything.
type systemScope struct{}

func (systemScope) ping(context.Context, *Source, *nats.Conn, source.Request) (ping, error) {
	return statszPing, nil
}

func (systemScope) page(r *reader, q question) (decode.Page, error) {
	subject := subjectConnz(r.server.ID)
	body, err := r.note(subject, q)
	if err != nil {
		return decode.Page{}, err
	}
	reply, err := r.request(subject, body)
	if err != nil {
		return decode.Page{}, err
	}
	page, err := decode.Reply(reply, r.server)
	if err != nil {
		return decode.Page{}, &undecodableError{err}
	}
	return page, nil
}

func (systemScope) tellLimits(ctx context.Context, s *Source, conn *nats.Conn, answers map[string]answer) {
	s.tellLimits(ctx, conn, answers)
}

func (systemScope) account() string                      { return "" }
func (systemScope) stops() string                        { return subjectDisconnect }
func (systemScope) explain(err error) error              { return err }
func (systemScope) silent(endpoint string) *source.Error { return silent(endpoint) }

package natsrequest

import (
	"context"

	"github.com/nats-io/nats.go"

	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

// scope is what the login may see, and so what servers are asked.
type scope interface {
	// ping is what a read asks all servers first.
	ping(ctx context.Context, s *Source, conn *nats.Conn, req source.Request) (ping, error)
	// page asks the reader's server for a page of a list.
	page(r *reader, q question) (decode.Page, error)
	// account is the only one that is seen; empty means all.
	account() string
	// explain makes of an error what it means in this scope.
	explain(err error) error
	// silent is the error of a server that did not answer with the others.
	silent(endpoint string) *source.Error
}

// systemScope is that of the system account: everything.
type systemScope struct{}

func (systemScope) ping(context.Context, *Source, *nats.Conn, source.Request) (ping, error) {
	return statszPing, nil
}

func (systemScope) page(r *reader, q question) (decode.Page, error) {
	subject := "$SYS.REQ.SERVER." + r.server.ID + ".CONNZ"
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

func (systemScope) account() string                      { return "" }
func (systemScope) explain(err error) error              { return err }
func (systemScope) silent(endpoint string) *source.Error { return silent(endpoint) }

package decode

import (
	"errors"
	"strings"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// ErrNoServer is about a reply that does not say whose it is before what it says.
var ErrNoServer = errors.New("there is no server in the reply")

var envelopeFields = table([]field{
	{"id", func(d *decoder) error { return d.string(&d.sender.id, "") }},
	{"name", func(d *decoder) error { return d.string(&d.sender.name, "") }},
	{"cluster", func(d *decoder) error { return d.string(&d.sender.cluster, "") }},
	{"ver", func(d *decoder) error { return d.string(&d.sender.version, "") }},
	{"time", func(d *decoder) error { return d.time(&d.sender.time) }},
})

// server is who sent the reply. The id becomes part of a subject.
func (e envelope) server() (model.Server, error) {
	if e.id == "" || len(e.id) > MaxText || strings.ContainsAny(e.id, ".*> \t\r\n") {
		return model.Server{}, ErrNoServer
	}
	name := e.name
	if name == "" {
		name = e.id
	}
	return model.Server{ID: e.id, Name: name, Cluster: e.cluster, Version: e.version, Now: e.time}, nil
}

func (d *decoder) envelope() error {
	return d.object(func(key []byte) error { return d.fieldOf(envelopeFields, key) })
}

// Reply reads one answer of server to a system request, where the list stands
// in an envelope (nats-server.md#requests-over-nats).
func Reply(body []byte, server model.Server) (Page, error) {
	d := newDecoder(body, server)
	err := d.object(func(key []byte) error {
		switch string(key) {
		case "data":
			return d.list()
		case "error":
			return d.refused()
		}
		return d.skip()
	})
	return d.reply(err)
}

// ReplyOf reads one answer to a system request of whoever sent it, in an
// ordinary account.
func ReplyOf(body []byte) (model.Server, Page, error) {
	var server model.Server
	d := newDecoder(body, server)
	err := d.object(func(key []byte) (err error) {
		switch string(key) {
		case "server":
			if err = d.envelope(); err == nil {
				server, err = d.sender.server()
			}
			d.rules = rulesFor(server)
			return err
		case "data":
			// What a record means depends on whose it is.
			if server.ID == "" {
				return ErrNoServer
			}
			return d.list()
		case "error":
			return d.refused()
		}
		return d.skip()
	})
	page, err := d.reply(err)
	server.Now, server.Uncounted = page.Now, true
	return server, page, err
}

func (d *decoder) refused() error {
	d.refusal = &Refusal{}
	return d.object(func(key []byte) error { return d.fieldOf(refusalFields, key) })
}

var refusalFields = table([]field{
	{"code", func(d *decoder) error { return d.signed(&d.refusal.Code) }},
})

func (d *decoder) reply(err error) (Page, error) {
	if err == nil && d.refusal != nil {
		err = d.refusal
	}
	if err != nil {
		return Page{}, err
	}
	return d.page()
}

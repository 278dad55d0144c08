package decode

import (
	"errors"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// disconnected is the type of the advisories that say so.
const disconnected = "io.nats.server.advisory.v1.client_disconnect"

// ErrNoDisconnect is about a message that is no advisory of a connection that ended.
var ErrNoDisconnect = errors.New("the message is no advisory of a connection that ended")

var advisoryFields = table([]field{
	{"type", func(d *decoder) error { return d.string(&d.advised.kind, "") }},
	{"reason", func(d *decoder) error { return d.string(&d.advised.stop.Reason, "") }},
})

var clientFields = table([]field{
	{"id", func(d *decoder) error { return d.unsigned(&d.advised.stop.CID) }},
	{"kind", func(d *decoder) error { return d.string(&d.advised.stop.Kind, "") }},
	{"client_type", func(d *decoder) error { return d.string(&d.advised.stop.Type, "") }},
	{"host", func(d *decoder) error { return d.string(&d.advised.stop.IP, "") }},
	{"start", func(d *decoder) error { return d.time(&d.advised.stop.Start) }},
	{"stop", func(d *decoder) error { return d.time(&d.advised.stop.At) }},
	{"rtt", func(d *decoder) error { return d.nanoseconds(&d.advised.stop.RTT) }},
	{"name", func(d *decoder) error { return d.string(&d.advised.stop.Name, "") }},
	{"lang", func(d *decoder) error { return d.string(&d.advised.stop.Lang, "") }},
	{"ver", func(d *decoder) error { return d.string(&d.advised.stop.Version, "") }},
	{"user", func(d *decoder) error { return d.string(&d.advised.stop.User, "") }},
	{"acc", func(d *decoder) error { return d.string(&d.advised.stop.Account, "") }},
	{"name_tag", func(d *decoder) error { return d.string(&d.nameTag, "") }},
	{"client_id", func(d *decoder) error { return d.string(&d.advised.stop.MQTTClient, "") }},
})

// What a client sent is in for its server, as in a record.
var (
	sentFields = table([]field{
		{"msgs", func(d *decoder) error { return d.signed(&d.advised.stop.InMsgs) }},
		{"bytes", func(d *decoder) error { return d.signed(&d.advised.stop.InBytes) }},
	})
	receivedFields = table([]field{
		{"msgs", func(d *decoder) error { return d.signed(&d.advised.stop.OutMsgs) }},
		{"bytes", func(d *decoder) error { return d.signed(&d.advised.stop.OutBytes) }},
	})
)

// Advisory reads what a server publishes of a connection that ended: its record, as
// far as that is told there, and of which server it is
// (nats-server.md#what-is-published-of-a-connection-that-ended).
func Advisory(body []byte) (model.Server, model.Stop, error) {
	d := newDecoder(body, model.Server{})
	parts := map[string]map[string]*field{
		"server": envelopeFields, "client": clientFields, "sent": sentFields, "received": receivedFields,
	}
	err := d.object(func(key []byte) error {
		if of := parts[string(key)]; of != nil {
			return d.object(func(key []byte) error { return d.fieldOf(of, key) })
		}
		return d.fieldOf(advisoryFields, key)
	})
	if err == nil {
		err = d.end()
	}
	if err != nil {
		return model.Server{}, model.Stop{}, err
	}
	stop := d.advised.stop
	if d.advised.kind != disconnected || stop.CID == 0 || stop.At.IsZero() {
		return model.Server{}, model.Stop{}, ErrNoDisconnect
	}
	server, err := d.sender.server()
	if err != nil {
		return model.Server{}, model.Stop{}, err
	}
	rulesFor(server).apply(&stop.Connection, d.nameTag)
	stop.ServerAt = stop.At
	return server, stop, nil
}

package decode

import (
	"errors"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

var countFields = table([]field{
	{"start", func(d *decoder) error { return d.time(&d.counts.start) }},
	{"connections", func(d *decoder) error { return d.signed(&d.counts.of.Open) }},
	{"total_connections", func(d *decoder) error { return d.signed(&d.counts.of.Total) }},
	// Leafnodes are in /varz alone, active servers in STATSZ.
	{"leafnodes", func(d *decoder) error { return d.signed(&d.counts.of.Leafnodes) }},
	{"active_servers", func(d *decoder) error { return d.signed(&d.counts.active) }},
	{"slow_consumers", func(d *decoder) error { return d.signed(&d.counts.of.SlowConsumers) }},
	{"slow_consumer_stats", func(d *decoder) error {
		of := &d.counts.of
		return d.kinds(map[string]*int64{
			"clients": &of.SlowClients, "leafs": &of.SlowLeafnodes, "routes": &of.SlowRoutes, "gateways": &of.SlowGateways,
		})
	}},
	{"stale_connections", func(d *decoder) error { return d.signed(&d.counts.of.Stale) }},
	{"stale_connection_stats", func(d *decoder) error {
		return d.kinds(map[string]*int64{"clients": &d.counts.of.StaleClients, "leafs": &d.counts.of.StaleLeafnodes})
	}},
})

// kinds reads counters by the kind of connection; older servers have none.
func (d *decoder) kinds(of map[string]*int64) error {
	return d.object(func(key []byte) error {
		if number, wanted := of[string(key)]; wanted {
			return d.signed(number)
		}
		return d.skip()
	})
}

// varzFields are the other members of /varz that are kept.
var varzFields = table([]field{
	{"server_id", func(d *decoder) error { return d.string(&d.sender.id, "") }},
	{"server_name", func(d *decoder) error { return d.string(&d.sender.name, "") }},
	{"version", func(d *decoder) error { return d.string(&d.sender.version, "") }},
	{"now", func(d *decoder) error { return d.time(&d.sender.time) }},
	{"uptime", func(d *decoder) error { return d.uptime(&d.up) }},
	{"max_connections", func(d *decoder) error { return d.signed(&d.limits.MaxConnections) }},
	{"max_pending", func(d *decoder) error { return d.signed(&d.limits.MaxPending) }},
	{"max_payload", func(d *decoder) error { return d.signed(&d.limits.MaxPayload) }},
	{"max_control_line", func(d *decoder) error { return d.signed(&d.limits.MaxControlLine) }},
	{"remotes", func(d *decoder) error { return d.remotes(&d.clusterSize) }},
	{"cluster", func(d *decoder) error {
		return d.object(func(key []byte) error {
			if string(key) == "name" {
				return d.string(&d.sender.cluster, "")
			}
			return d.skip()
		})
	}},
})

// maxMembers is more than any cluster has.
const maxMembers = 1 << 20

// remotes reads how many others a server is connected to in its cluster
// (nats-server.md#who-a-server-is), and makes it how many they are together.
func (d *decoder) remotes(members *int64) error {
	var others int64
	if err := d.signed(&others); err != nil {
		return err
	}
	if others < 0 || others > maxMembers {
		return errMembers
	}
	*members = others + 1
	return nil
}

var errMembers = errors.New("no cluster has so many members")

// Varz reads an answer of /varz: who answers, and its counters.
func Varz(body []byte) (model.Server, Flaws, error) {
	d := newDecoder(body, model.Server{})
	err := d.object(func(key []byte) error {
		if varzFields[string(key)] != nil {
			return d.fieldOf(varzFields, key)
		}
		return d.fieldOf(countFields, key)
	})
	if err == nil {
		err = d.end()
	}
	e := d.sender
	return d.counted(model.Server{
		ID: e.id, Name: e.name, Cluster: e.cluster, Version: e.version, Now: e.time, Up: d.up, Members: d.clusterSize, Limits: d.limits,
	}), d.flaws, err
}

// Limits reads a reply to VARZ, where what /varz tells stands in an envelope: who
// answers, by its id, and what it allows.
func Limits(body []byte) (id string, limits model.Limits, err error) {
	d := newDecoder(body, model.Server{})
	err = d.object(func(key []byte) error {
		if string(key) == "data" {
			return d.object(func(key []byte) error { return d.fieldOf(varzFields, key) })
		}
		return d.skip()
	})
	if err == nil {
		err = d.end()
	}
	return d.sender.id, d.limits, err
}

// Statsz reads a reply to STATSZ: who answers, its counters, and how many
// servers it knows of.
func Statsz(body []byte) (server model.Server, active int, flaws Flaws, err error) {
	d := newDecoder(body, model.Server{})
	err = d.object(func(key []byte) error {
		switch string(key) {
		case "server":
			return d.envelope()
		case "statsz":
			return d.object(func(key []byte) error { return d.fieldOf(countFields, key) })
		}
		return d.skip()
	})
	if err == nil {
		err = d.end()
	}
	if err == nil {
		server, err = d.sender.server()
	}
	// All members are asked, so each needs to know of itself alone.
	server.Members = 1
	return d.counted(server), int(d.counts.active), d.flaws, err
}

// counted is server with its counters. Where one of those that completeness is
// reckoned with cannot be read, there are none.
func (d *decoder) counted(server model.Server) model.Server {
	for _, name := range d.flaws[0] {
		server.Uncounted = server.Uncounted || name == "connections" || name == "total_connections"
	}
	server.Start, server.Counters = d.counts.start, d.counts.of
	server.Open, server.Total = d.counts.of.Open, d.counts.of.Total
	return server
}

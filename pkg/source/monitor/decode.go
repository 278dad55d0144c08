package monitor

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/stops"
)

// varz is what is read of /varz (nats-server monitor.go:1219-1297).
type varz struct {
	ServerID         string    `json:"server_id"`
	ServerName       string    `json:"server_name"`
	Version          string    `json:"version"`
	Start            time.Time `json:"start"`
	Now              time.Time `json:"now"`
	Connections      int64     `json:"connections"`
	TotalConnections int64     `json:"total_connections"`
	Leafnodes        int64     `json:"leafnodes"`
	SlowConsumers    int64     `json:"slow_consumers"`
	SlowStats        kinds     `json:"slow_consumer_stats"`
	StaleConnections int64     `json:"stale_connections"`
	StaleStats       kinds     `json:"stale_connection_stats"`
	Cluster          struct {
		Name string `json:"name"`
	} `json:"cluster"`
}

// kinds are counters by the kind of connection; older servers have none.
type kinds struct {
	Clients int64 `json:"clients"`
	Leafs   int64 `json:"leafs"`
}

func decodeVarz(body []byte) (stops.Server, error) {
	var v varz
	if err := json.Unmarshal(body, &v); err != nil {
		return stops.Server{}, err
	}
	return stops.Server{
		ID: v.ServerID, Name: v.ServerName, Cluster: v.Cluster.Name, Version: v.Version,
		Start: v.Start.UTC(), Now: v.Now.UTC(), Open: v.Connections, Total: v.TotalConnections,
		Counters: stops.Counters{
			Total: v.TotalConnections, Open: v.Connections, Leafnodes: v.Leafnodes,
			SlowConsumers: v.SlowConsumers, SlowClients: v.SlowStats.Clients, SlowLeafnodes: v.SlowStats.Leafs,
			Stale: v.StaleConnections, StaleClients: v.StaleStats.Clients, StaleLeafnodes: v.StaleStats.Leafs,
		},
	}, nil
}

// page is one answer of /connz.
type page struct {
	serverID string
	rows     []stops.Stop
}

// smallestRecord is less than any record takes in an answer, which bounds what
// its own count can make us allocate.
const smallestRecord = 128

// Decode reads the records of one answer of server's /connz.
func Decode(body []byte, server stops.Server) ([]stops.Stop, error) {
	decoded, err := decodeConnz(body, server)
	return decoded.rows, err
}

// decodeConnz reads one answer of /connz. Nothing of the result shares memory
// with body.
func decodeConnz(body []byte, server stops.Server) (page, error) {
	d := connzDecoder{scanner: scanner{data: body}, rules: rulesFor(server), known: texts{}}
	if err := d.object(d.field); err != nil {
		return page{}, err
	}
	if d.peek(); d.pos < len(body) {
		return page{}, d.unexpected("the end")
	}
	if !d.listed {
		return page{}, errors.New("there is no list of connections")
	}
	if d.rows == nil {
		d.rows = []stops.Stop{}
	}
	return page{serverID: d.serverID, rows: d.rows}, nil
}

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
	Cluster          struct {
		Name string `json:"name"`
	} `json:"cluster"`
}

func decodeVarz(body []byte) (stops.Server, error) {
	var v varz
	if err := json.Unmarshal(body, &v); err != nil {
		return stops.Server{}, err
	}
	return stops.Server{
		ID: v.ServerID, Name: v.ServerName, Cluster: v.Cluster.Name, Version: v.Version,
		Start: v.Start.UTC(), Now: v.Now.UTC(), Open: v.Connections, Total: v.TotalConnections,
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
	return page{serverID: d.serverID, rows: d.rows}, nil
}

package monitor

import (
	"encoding/json"
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

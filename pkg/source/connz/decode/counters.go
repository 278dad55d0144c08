package decode

import (
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Counts are the counters of a server, as /varz and STATSZ name them
// (nats-server.md#who-a-server-is).
type Counts struct {
	Start            time.Time `json:"start"`
	Connections      int64     `json:"connections"`
	TotalConnections int64     `json:"total_connections"`
	// Leafnodes are in /varz alone.
	Leafnodes        int64 `json:"leafnodes"`
	SlowConsumers    int64 `json:"slow_consumers"`
	SlowStats        kinds `json:"slow_consumer_stats"`
	StaleConnections int64 `json:"stale_connections"`
	StaleStats       kinds `json:"stale_connection_stats"`
}

// kinds are counters by the kind of connection; older servers have none.
type kinds struct {
	Clients int64 `json:"clients"`
	Leafs   int64 `json:"leafs"`
}

// Of is server with these counters.
func (c Counts) Of(server model.Server) model.Server {
	server.Start, server.Open, server.Total = c.Start.UTC(), c.Connections, c.TotalConnections
	server.Counters = model.Counters{
		Total: c.TotalConnections, Open: c.Connections, Leafnodes: c.Leafnodes,
		SlowConsumers: c.SlowConsumers, SlowClients: c.SlowStats.Clients, SlowLeafnodes: c.SlowStats.Leafs,
		Stale: c.StaleConnections, StaleClients: c.StaleStats.Clients, StaleLeafnodes: c.StaleStats.Leafs,
	}
	return server
}

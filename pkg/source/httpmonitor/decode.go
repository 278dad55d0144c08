package httpmonitor

import (
	"encoding/json"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

// varz is what is read of /varz (nats-server.md#who-a-server-is).
type varz struct {
	decode.Counts
	ServerID   string    `json:"server_id"`
	ServerName string    `json:"server_name"`
	Version    string    `json:"version"`
	Now        time.Time `json:"now"`
	Cluster    struct {
		Name string `json:"name"`
	} `json:"cluster"`
}

func decodeVarz(body []byte) (model.Server, error) {
	var v varz
	if err := json.Unmarshal(body, &v); err != nil {
		return model.Server{}, err
	}
	return v.Of(model.Server{
		ID: v.ServerID, Name: v.ServerName, Cluster: v.Cluster.Name, Version: v.Version, Now: v.Now.UTC(),
	}), nil
}

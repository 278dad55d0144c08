package system

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/source/connz"
	"github.com/natsops/nats-connections-datasource/pkg/stops"
)

// statsz is what is read of a STATSZ reply (nats-server events.go:249, 367).
type statsz struct {
	Server struct {
		Name    string    `json:"name"`
		ID      string    `json:"id"`
		Cluster string    `json:"cluster"`
		Version string    `json:"ver"`
		Time    time.Time `json:"time"`
	} `json:"server"`
	Stats struct {
		connz.Counts
		ActiveServers int `json:"active_servers"`
	} `json:"statsz"`
}

// answer is what one server told of itself.
type answer struct {
	server stops.Server
	// active is how many servers it counts, itself among them.
	active int
}

var errNoServer = errors.New("there is no server in the reply")

func decodeStatsz(body []byte) (answer, error) {
	var s statsz
	if err := json.Unmarshal(body, &s); err != nil {
		return answer{}, err
	}
	// The id becomes part of a subject.
	if s.Server.ID == "" || strings.ContainsAny(s.Server.ID, ".*> \t\r\n") {
		return answer{}, errNoServer
	}
	name := s.Server.Name
	if name == "" {
		name = s.Server.ID
	}
	server := s.Stats.Of(stops.Server{
		ID: s.Server.ID, Name: name, Cluster: s.Server.Cluster, Version: s.Server.Version, Now: s.Server.Time.UTC(),
	})
	return answer{server: server, active: s.Stats.ActiveServers}, nil
}

package natsrequest

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

// statszPing asks for counters (nats-server.md#who-a-server-is).
var statszPing = ping{
	subject: "$SYS.REQ.SERVER.PING.STATSZ",
	decode:  func(msg *nats.Msg) (answer, error) { return decodeStatsz(msg.Data) },
}

// statsz is what is read of a STATSZ reply (nats-server.md#who-a-server-is).
type statsz struct {
	Server envelope `json:"server"`
	Stats  struct {
		decode.Counts
		ActiveServers int `json:"active_servers"`
	} `json:"statsz"`
}

// envelope is who answers (nats-server.md#requests-over-nats).
type envelope struct {
	Name    string    `json:"name"`
	ID      string    `json:"id"`
	Cluster string    `json:"cluster"`
	Version string    `json:"ver"`
	Time    time.Time `json:"time"`
}

func (e envelope) server() (model.Server, error) {
	// The id becomes part of a subject.
	if e.ID == "" || strings.ContainsAny(e.ID, ".*> \t\r\n") {
		return model.Server{}, errNoServer
	}
	name := e.Name
	if name == "" {
		name = e.ID
	}
	return model.Server{ID: e.ID, Name: name, Cluster: e.Cluster, Version: e.Version, Now: e.Time.UTC()}, nil
}

// answer is what one server told of itself.
type answer struct {
	server model.Server
	// asked and came are when it was asked for and when it was here.
	asked, came time.Time
	// active is how many servers it counts, itself among them.
	active int
	// page is what it sent along.
	page decode.Page
	// bytes is how long the answer was, and what else its server sent.
	bytes int64
}

var errNoServer = errors.New("there is no server in the reply")

func decodeStatsz(body []byte) (answer, error) {
	var s statsz
	if err := json.Unmarshal(body, &s); err != nil {
		return answer{}, err
	}
	server, err := s.Server.server()
	if err != nil {
		return answer{}, err
	}
	return answer{server: s.Stats.Of(server), active: s.Stats.ActiveServers, bytes: int64(len(body))}, nil
}

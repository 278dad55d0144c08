package monitor

import (
	"encoding/json"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/stops"
)

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

type wireConn struct {
	CID            uint64    `json:"cid"`
	Kind           string    `json:"kind"`
	Type           string    `json:"type"`
	IP             string    `json:"ip"`
	Port           int       `json:"port"`
	Start          time.Time `json:"start"`
	LastActivity   time.Time `json:"last_activity"`
	Stop           time.Time `json:"stop"`
	Reason         string    `json:"reason"`
	RTT            string    `json:"rtt"`
	PendingBytes   int64     `json:"pending_bytes"`
	InMsgs         int64     `json:"in_msgs"`
	OutMsgs        int64     `json:"out_msgs"`
	InBytes        int64     `json:"in_bytes"`
	OutBytes       int64     `json:"out_bytes"`
	Subscriptions  int64     `json:"subscriptions"`
	Name           string    `json:"name"`
	Lang           string    `json:"lang"`
	Version        string    `json:"version"`
	TLSVersion     string    `json:"tls_version"`
	TLSCipher      string    `json:"tls_cipher_suite"`
	AuthorizedUser string    `json:"authorized_user"`
	Account        string    `json:"account"`
	NameTag        string    `json:"name_tag"`
	MQTTClient     string    `json:"mqtt_client"`
}

func decodeConnz(body []byte, server stops.Server) (page, error) {
	var c struct {
		ServerID    string     `json:"server_id"`
		Connections []wireConn `json:"connections"`
	}
	if err := json.Unmarshal(body, &c); err != nil {
		return page{}, err
	}
	rules := rulesFor(server)
	rows := make([]stops.Stop, len(c.Connections))
	for i, w := range c.Connections {
		rtt, _ := time.ParseDuration(w.RTT)
		rows[i] = stops.Stop{Reason: w.Reason, At: w.Stop.UTC(), Connection: stops.Connection{
			CID: w.CID, Account: w.Account, User: w.AuthorizedUser, Name: w.Name, Kind: w.Kind, Type: w.Type,
			Lang: w.Lang, Version: w.Version, IP: w.IP, Port: w.Port, TLSVersion: w.TLSVersion, TLSCipher: w.TLSCipher,
			MQTTClient: w.MQTTClient, Start: w.Start.UTC(), LastActivity: w.LastActivity.UTC(), RTT: rtt,
			PendingBytes: w.PendingBytes, InMsgs: w.InMsgs, OutMsgs: w.OutMsgs, InBytes: w.InBytes, OutBytes: w.OutBytes,
			Subscriptions: w.Subscriptions,
		}}
		rules.apply(&rows[i].Connection, w.NameTag)
	}
	return page{serverID: c.ServerID, rows: rows}, nil
}

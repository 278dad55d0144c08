package main

import (
	"fmt"
	"time"
)

// ring is an answer of /connz with what the data source keeps, and some of what
// it passes over.
type ring struct {
	ServerID    string       `json:"server_id"`
	Count       int          `json:"num_connections"`
	Connections []connection `json:"connections"`
}

type connection struct {
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
	Uptime         string    `json:"uptime"`
	Idle           string    `json:"idle"`
	PendingBytes   int64     `json:"pending_bytes"`
	InMsgs         int64     `json:"in_msgs"`
	OutMsgs        int64     `json:"out_msgs"`
	InBytes        int64     `json:"in_bytes"`
	OutBytes       int64     `json:"out_bytes"`
	Subscriptions  int64     `json:"subscriptions"`
	Name           string    `json:"name"`
	Lang           string    `json:"lang"`
	Version        string    `json:"version"`
	AuthorizedUser string    `json:"authorized_user"`
	Account        string    `json:"account"`
}

func makeRing() ring {
	made := ring{ServerID: "NA", Count: ringSize}
	stop := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for i := range ringSize {
		stop = stop.Add(-1_234_567 * time.Nanosecond)
		made.Connections = append(made.Connections, connection{
			CID: uint64(ringSize - i), Kind: "Client", Type: "nats", IP: "10.0.3.7", Port: 30_000 + i,
			Start: stop.Add(-90_123_456_789), LastActivity: stop.Add(-3_210_987), Stop: stop,
			Reason: []string{"Client Closed", "Stale Connection", "Read Error"}[i%3], RTT: "1.329479ms", Uptime: "1m30s", Idle: "0s",
			InMsgs: int64(i), OutMsgs: int64(3 * i), InBytes: int64(128 * i), OutBytes: int64(384 * i), Subscriptions: 4,
			Name: fmt.Sprintf("billing-service-pod-%08x.production.eu-central-1.compute.example.internal/consumer-group/invoices", i*2654435761&0xffffffff),
			Lang: "go", Version: "1.55.0", AuthorizedUser: "billing", Account: "ORDERS",
		})
	}
	return made
}

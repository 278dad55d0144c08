package decode

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// ringSize is how many records a server keeps unless told otherwise.
const ringSize = 10_000

// connection has what is kept of a record, and some of what is passed over.
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

type ring struct {
	ServerID    string       `json:"server_id"`
	Count       int          `json:"num_connections"`
	Connections []connection `json:"connections"`
}

// fullRing is a ring as a server prints it.
func fullRing(b *testing.B) []byte {
	b.Helper()
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
	body, err := json.MarshalIndent(made, "", "  ")
	if err != nil {
		b.Fatal(err)
	}
	return body
}

// BenchmarkRing compares a ring read here with the standard library's way.
func BenchmarkRing(b *testing.B) {
	body := fullRing(b)
	for name, decode := range map[string]func() (int, error){
		"ours": func() (int, error) {
			page, err := List(body, modern)
			return len(page.Rows), err
		},
		"encoding-json": func() (int, error) {
			var answer ring
			err := json.Unmarshal(body, &answer)
			return len(answer.Connections), err
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if records, err := decode(); err != nil || records != ringSize {
					b.Fatal(records, err)
				}
			}
		})
	}
}

// BenchmarkCounters is what each look at a quiet server costs.
func BenchmarkCounters(b *testing.B) {
	body := []byte(`{"server":{"id":"NA","name":"n1","ver":"2.15.2","time":"2026-11-25T18:02:52Z"},"statsz":{"start":"2026-11-25T16:00:00Z",` +
		`"mem":1,"connections":1,"total_connections":7,"slow_consumers":0,"slow_consumer_stats":{"clients":0,"leafs":0},"active_servers":3}}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, _, err := Statsz(body); err != nil {
			b.Fatal(err)
		}
	}
}

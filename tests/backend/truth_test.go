package backend_test

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/lab/testnats"
)

// identity is what tells connections apart; a server tells each client its own.
type identity struct {
	ServerID string `json:"server_id"`
	CID      uint64 `json:"client_id"`
}

// departure is how a connection ended, by who had it.
type departure struct {
	server, reason string
	at             time.Time
}

// truth is what really happened: it is written by the clients, which neither
// read what servers list nor what the plugin says.
type truth struct {
	mu    sync.Mutex
	stops map[identity]departure
}

func newTruth() *truth { return &truth{stops: map[identity]departure{}} }

func (w *truth) note(raw *testnats.Raw, server, reason string) error {
	var id identity
	if err := json.Unmarshal([]byte(raw.Info), &id); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stops[id] = departure{server, reason, time.Now()}
	return nil
}

// endings are ways to lose a connection: what a client says, and the reason
// that the server gives.
var endings = []struct{ connect, then, reason string }{
	{`{"verbose":false,"name":"web-0","lang":"go","version":"1"}`, "", "Client Closed"},
	{`{"verbose":false,"name":"web-0","lang":"go","version":"1","user":"app","pass":"wrong"}`, "", "Authentication Failure"},
	{`{"verbose":false,"name":"web-0","lang":"go","version":"1"}`, "PUB a 100000000\r\n", "Maximum Message Payload Exceeded"},
	{`{"verbose":false,"name":"web-0","lang":"go","version":"1"}`, "NONSENSE\r\n", "Protocol Violation"},
}

// end lets one client of p come and go in the i-th way.
func (w *truth) end(t *testing.T, p *process, i int) error {
	way := endings[i]
	raw, err := testnats.Dial(t.Context(), p.Addr)
	if err != nil {
		return err
	}
	defer func() { _ = raw.Close() }()
	answer, err := raw.Hello(way.connect)
	if err != nil {
		return err
	}
	if way.reason == "Client Closed" {
		if err := raw.Close(); err != nil {
			return err
		}
		return w.note(raw, p.name, way.reason)
	}
	if _, err := fmt.Fprint(raw, way.then); err != nil && !strings.HasPrefix(answer, "-ERR") {
		return err
	}
	untilEOF(raw)
	return w.note(raw, p.name, way.reason)
}

// untilEOF returns when the server closed the connection.
func untilEOF(raw *testnats.Raw) {
	_ = raw.SetReadDeadline(time.Now().Add(5 * time.Minute))
	_, _ = io.Copy(io.Discard, raw.Conn)
}

// happen lets each of the processes lose connections in every way, times times.
func (w *truth) happen(t *testing.T, times int, to ...*process) {
	t.Helper()
	for _, p := range to {
		for i := range times * len(endings) {
			if err := w.end(t, p, i%len(endings)); err != nil {
				t.Fatalf("%s: %v", p.name, err)
			}
		}
	}
}

// flood lets count clients of p come and go, many at a time.
func (w *truth) flood(t *testing.T, p *process, count int) {
	t.Helper()
	const crowd = 32
	var wg sync.WaitGroup
	for worker := range crowd {
		wg.Go(func() {
			for i := worker; i < count; i += crowd {
				if err := w.end(t, p, 0); err != nil {
					t.Errorf("%s: %v", p.name, err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// hold keeps clients at p that leave when they are made to, for that reason.
// The function it returns waits until all have left.
func (w *truth) hold(t *testing.T, p *process, count int, reason string) (gone func()) {
	t.Helper()
	var wg sync.WaitGroup
	for range count {
		raw, err := testnats.Dial(t.Context(), p.Addr)
		if err != nil {
			t.Fatal(err)
		}
		if answer, err := raw.Hello(endings[0].connect); err != nil || answer != "PONG" {
			t.Fatalf("%q, %v", answer, err)
		}
		wg.Go(func() {
			defer func() { _ = raw.Close() }()
			untilEOF(raw)
			if err := w.note(raw, p.name, reason); err != nil {
				t.Error(err)
			}
		})
	}
	return wg.Wait
}

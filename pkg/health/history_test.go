package health_test

import (
	"errors"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/health"
	"github.com/natsops/nats-connections-datasource/pkg/history"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// TestHistoryInWords is the specification of what people read about the stream.
func TestHistoryInWords(t *testing.T) {
	since := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	written := history.Config{Stream: "CONNS", Write: true}
	for name, c := range map[string]struct {
		cfg   history.Config
		facts history.Facts
		want  string
	}{
		"made": {
			written, history.Facts{Created: true, MaxAge: 30 * 24 * time.Hour, Replicas: 3},
			"The stream CONNS was not there and was made; it keeps blocks for 30 days, on 3 servers; what is read here is added.",
		},
		"in use": {
			written, history.Facts{
				Blocks: 1204, Bytes: 1_234_567, Oldest: since, Newest: since.Add(time.Hour), MaxAge: 36 * time.Hour, MaxBytes: 10e9, MaxBlocks: 5000, Replicas: 1,
				Writers: []string{"grafana-1"},
			},
			"The stream CONNS has 1,204 blocks (1.2 MB), the first from 2026-11-01T12:00:00Z, the last from 2026-11-01T13:00:00Z; " +
				"it keeps blocks for 36h, up to 10 GB, up to 5,000 of them, on 1 server; what is read here is added. It is also written by grafana-1.",
		},
		"captured": {
			history.Config{Stream: "CONNS", Captured: "DISCONNECTS"}, history.Facts{Captured: 12_345, OldestCaptured: since},
			"The stream CONNS is empty; it keeps blocks without limit; nothing is added here. " +
				"The stream DISCONNECTS, which others capture, has 12,345 messages, the first from 2026-11-01T12:00:00Z.",
		},
		"nothing captured": {
			history.Config{Stream: "CONNS", Captured: "DISCONNECTS"}, history.Facts{},
			"The stream CONNS is empty; it keeps blocks without limit; nothing is added here. " +
				"The stream DISCONNECTS, which others capture, is empty: see that its account imports the advisories.",
		},
		"read alone": {
			history.Config{Stream: "CONNS"}, history.Facts{Blocks: 1, Bytes: 900, Oldest: since, Newest: since},
			"The stream CONNS has 1 block (900 bytes), from 2026-11-01T12:00:00Z; it keeps blocks without limit; nothing is added here.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := health.History(c.cfg, c.facts, nil); got.Message != c.want || got.Failed || len(got.Lines) != 1 {
				t.Errorf("got  %+v\nwant %s", got, c.want)
			}
		})
	}
}

func TestHistoryThatFails(t *testing.T) {
	cfg := history.Config{Stream: "CONNS"}
	typed := &source.Error{Step: source.StepConnect, Endpoint: "nats://n1", Sentence: "It is off.", Hint: "Turn it on."}
	for want, err := range map[string]error{
		`nats://n1 failed at the step "connection": It is off. Turn it on.`: typed,
		"CONNS failed: unheard of": errors.New("unheard of"),
	} {
		if got := health.History(cfg, history.Facts{}, err); got.Message != want || !got.Failed || got.Page != "history.md" {
			t.Errorf("got  %+v\nwant %s", got, want)
		}
	}
}

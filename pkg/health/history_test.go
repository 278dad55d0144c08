package health_test

import (
	"errors"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/health"
	"github.com/natsops/nats-connections-datasource/pkg/history"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
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

// TestServersThatAreReadElsewhere are named: their blocks are in the same stream.
func TestServersThatAreReadElsewhere(t *testing.T) {
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	of := func(id, name string, began, heard time.Duration) ledger.Standing {
		return ledger.Standing{Server: model.Server{ID: id, Name: name, Start: now.Add(began), Now: now.Add(heard)}, Endpoint: id + ":8222"}
	}
	read := func(s ledger.Standing) model.Reading { return model.Reading{Server: s.Server, Endpoint: s.Endpoint} }
	n0 := of("NEW", "nats-0", -5*time.Minute, 0)
	const begins, ends = "Within the last 10 minutes the history got blocks of servers that are not read here (",
		"), which are counted here, too. Unless they were shut down, another data source reads them: give it a prefix of its own (history.prefix)."
	for name, test := range map[string]struct {
		recent []ledger.Standing
		err    error
		want   string
	}{
		"the same":             {recent: []ledger.Standing{n0}},
		"before its restart":   {recent: []ledger.Standing{of("OLD", "nats-0", -time.Hour, -5*time.Minute), n0}},
		"of its name":          {recent: []ledger.Standing{of("FAR", "nats-0", -time.Hour, 0)}, want: "nats-0 at FAR:8222"},
		"another":              {recent: []ledger.Standing{n0, of("W1", "west-1", -time.Hour, 0)}, want: "west-1"},
		"one does not answer":  {recent: []ledger.Standing{of("W1", "west-1", -time.Hour, 0)}, err: errors.New("down")},
		"what is told already": {recent: []ledger.Standing{n0, of("W2", "west", -time.Hour, 0), of("W1", "west", -time.Hour, 0)}, want: "west"},
		"many": {recent: []ledger.Standing{of("5", "e", 0, 0), of("4", "d", 0, 0), of("3", "c", 0, 0), of("2", "b", 0, 0), of("1", "a", 0, 0)},
			want: "a, b, c and 2 more"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.want != "" {
				test.want = begins + test.want + ends
			}
			readings := []model.Reading{read(n0)}
			if test.err != nil {
				readings = append(readings, model.Reading{Endpoint: "n1:8222", Err: test.err})
			}
			if got := health.Elsewhere(test.recent, readings); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
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

package history

import (
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/nats-io/nats-server/v2/server"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
)

// TestSettingsAreSavedWhileTheStreamIsAway: what waits goes on waiting, once.
func TestSettingsAreSavedWhileTheStreamIsAway(t *testing.T) {
	for name, limit := range map[string]int{"all of it": 0, "what there is room for": 4 * stopSize} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			first := testnats.StartWithStreams(t, &server.Options{StoreDir: dir})
			cfg := configFor(first)
			n1 := ring("ID1", "n1", 10)
			p := begin(t, cfg)
			p.write(t, n1, 1)
			first.Close()
			n1.Close(8)
			p.read(t, n1)
			p.tells(t, "NATS")
			cfg.Backlog = limit
			p.reopen(t, cfg)
			n1.Close(8)
			if got := testledger.Count(p.read(t, n1)); got != 24 {
				t.Fatalf("%d stops in memory", got)
			}
			cfg.Backlog = 0
			p.reopen(t, cfg)
			testnats.StartWithStreams(t, &server.Options{StoreDir: dir, Port: portOf(t, first)})
			p.write(t, n1, 1)
			p.end(t)
			n1.Close(10)
			snapshot := begin(t, cfg).read(t, n1)
			c, lacks := snapshot.Servers[0].Coverage, int64(0)
			for _, gap := range c.Gaps {
				lacks += gap.Lost
			}
			if got := int64(testledger.Count(snapshot)); got+lacks != n1.Total() || (lacks > 0) != (limit > 0) {
				t.Errorf("%d stops of %d, coverage %+v", got, n1.Total(), c)
			}
			times := map[uint64]int{}
			for _, one := range blocks(t, first, cfg) {
				for i := range one.Stops {
					if times[one.Stops[i].CID]++; times[one.Stops[i].CID] > 1 {
						t.Errorf("%d is written twice", one.Stops[i].CID)
					}
				}
			}
		})
	}
}

// reopen is a save of the settings.
func (p *process) reopen(t testing.TB, cfg Config) {
	t.Helper()
	former := p.History
	next, err := former.Reopen(t.Context(), httpclient.Options{}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	p.History = next
	<-former.Ended()
}

// TestWhatWaitsIsHandedOver: to who writes into the same subjects, and as it may be seen there.
func TestWhatWaitsIsHandedOver(t *testing.T) {
	cfg := Config{NATS: natslink.Config{Servers: []string{"nats://127.0.0.1:1"}}, Stream: streamName, Prefix: subjects, Write: true}
	for name, test := range map[string]struct {
		change  func(*Config)
		waiting int
	}{
		"made now":        {func(c *Config) { c.Create = true }, 8},
		"without people":  {func(c *Config) { c.Nameless = true }, 8},
		"not written":     {func(c *Config) { c.Write = false }, 0},
		"another stream":  {func(c *Config) { c.Stream = "OTHER" }, 0},
		"other subjects":  {func(c *Config) { c.Prefix = "other" }, 0},
		"another account": {func(c *Config) { c.Account = true }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p, n1, after := begin(t, cfg), ring("ID1", "n1", 10), cfg
			n1.Close(8)
			for i := range n1.Records {
				n1.Records[i].User = "alice"
			}
			p.ledger.Merge([]model.Reading{n1.Read()})
			test.change(&after)
			p.reopen(t, after)
			if got := p.State().Waiting; got != test.waiting {
				t.Errorf("%d records wait, want %d", got, test.waiting)
			}
			part, _ := p.pending.first("ID1", 100, 1<<20)
			for i := range part.stops {
				if hidden := part.stops[i].User != "alice"; hidden != after.Nameless {
					t.Errorf("user %q", part.stops[i].User)
				}
			}
		})
	}
}

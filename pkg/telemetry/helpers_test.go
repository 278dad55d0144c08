package telemetry

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// process is the metrics of a process whose clock stands unless it is moved.
type process struct {
	*Metrics
	registry *prometheus.Registry
	clock    time.Time
}

func newProcess() *process {
	p := &process{registry: prometheus.NewRegistry(), clock: noon}
	p.Metrics = New(p.registry)
	p.now = func() time.Time { return p.clock }
	return p
}

// scrape are the numbers of one metric of data source a of organisation 1, by its other labels.
func (p *process) scrape(t *testing.T, name string) map[string]float64 {
	t.Helper()
	return p.scrapeOf(t, ID{"1", "a"}, name)
}

func (p *process) scrapeOf(t *testing.T, of ID, name string) map[string]float64 {
	t.Helper()
	families, err := p.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	numbers := map[string]float64{}
	for _, family := range families {
		if family.GetName() != prefix+name {
			continue
		}
		for _, m := range family.GetMetric() {
			var labels []string
			var id ID
			for _, l := range m.GetLabel() {
				switch l.GetName() {
				case "datasource":
				case "datasource_uid":
					id.UID = l.GetValue()
				case "org":
					id.Org = l.GetValue()
				default:
					labels = append(labels, l.GetValue())
				}
			}
			if id == of {
				numbers[strings.Join(labels, "|")] = m.GetCounter().GetValue() + m.GetGauge().GetValue() +
					float64(m.GetHistogram().GetSampleCount())
			}
		}
	}
	return numbers
}

func want(t *testing.T, what string, got, want map[string]float64) {
	t.Helper()
	if !maps.Equal(got, want) {
		t.Fatalf("%s:\ngot  %v\nwant %v", what, got, want)
	}
}

// instance is an instance with a ledger that feeds it.
type instance struct {
	*Instance
	ledger *ledger.Ledger
}

func (p *process) instance(t *testing.T, uid string, overrides map[string]reason.Class) instance {
	t.Helper()
	return p.instanceOf(t, ID{"1", uid}, overrides)
}

func (p *process) instanceOf(t *testing.T, id ID, overrides map[string]reason.Class) instance {
	t.Helper()
	apps, err := app.NewNamer(app.DefaultPatterns())
	if err != nil {
		t.Fatal(err)
	}
	i := instance{p.Instance(id, "name of "+id.UID, reason.NewClassifier(overrides)), ledger.New(ledger.DefaultLimits(), apps)}
	i.ledger.Subscribe(i.Tell)
	return i
}

// read has the instance sync with servers.
func (i instance) read(servers ...*server) {
	var readings []model.Reading
	for _, s := range servers {
		readings = append(readings, s.reading())
	}
	i.ledger.Merge(readings)
}

// server is a simulated one.
type server struct {
	id, name string
	began    time.Time
	now      time.Time
	closed   int64
	size     int
	ring     []model.Stop // newest first
}

func newServer(id, name string) *server {
	return &server{id: id, name: name, began: noon.Add(-time.Hour), now: noon, size: 10_000}
}

func (s *server) close(n int, reason, account string) {
	for range n {
		s.now = s.now.Add(time.Millisecond)
		s.closed++
		s.ring = slices.Insert(s.ring, 0, model.Stop{Reason: reason, At: s.now, Connection: model.Connection{
			ServerID: s.id, CID: uint64(s.closed), Profile: model.Profile{Kind: "Client"}, Account: account, AccountID: account,
		}})
	}
	s.ring = s.ring[:min(len(s.ring), s.size)]
}

func (s *server) reading() model.Reading {
	return model.Reading{
		Endpoint: fmt.Sprintf("%s:8222", s.name), Ring: model.RingRead, Closed: slices.Clone(s.ring),
		Server: model.Server{
			ID: s.id, Name: s.name, Start: s.began, Now: s.now, Total: s.closed,
			Counters: model.Counters{Total: s.closed},
		},
	}
}

// Package telemetry is what the plugin tells Prometheus: the stops it saw, and
// its own work. It is the one place where state belongs to the process, because
// a counter must not fall when an instance is replaced.
package telemetry

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

const prefix = "nats_connections_"

// Metrics are those of all data sources of a process.
type Metrics struct {
	stopped, lost, gaps *prometheus.CounterVec
	ledger              *prometheus.GaugeVec
	syncs               *prometheus.HistogramVec
	servers             *prometheus.CounterVec
	rings, spared       *prometheus.CounterVec
	records, bytes      *prometheus.CounterVec
	now                 func() time.Time

	mu          sync.Mutex
	datasources map[ID]*datasource
}

// ID is who a data source is: a uid is unique within its organisation only.
type ID struct{ Org, UID string }

// datasource outlives the instances that stand for it one after the other.
type datasource struct {
	id ID

	mu      sync.Mutex
	counted Dedup
	labels  labels
	current *Instance
}

// New registers the metrics.
func New(registry prometheus.Registerer) *Metrics {
	factory := promauto.With(registry)
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return factory.NewCounterVec(prometheus.CounterOpts{Name: prefix + name, Help: help}, of(labels...))
	}
	return &Metrics{
		stopped: counter("stopped_total",
			"Connections that stopped since first contact with their server.", "reason", "class", "account", "server"),
		lost: counter("records_lost_total",
			"Stops whose records a server dropped before they could be read.", "server"),
		gaps: counter("gaps_total",
			"Times that records of a server were lost, also if nobody can know how many.", "server"),
		ledger: factory.NewGaugeVec(prometheus.GaugeOpts{
			Name: prefix + "ledger_records", Help: "Stops that the data source remembers.",
		}, of()),
		syncs: factory.NewHistogramVec(prometheus.HistogramOpts{
			Name: prefix + "sync_duration_seconds", Help: "How long it took to read all servers once.",
			Buckets: prometheus.ExponentialBuckets(0.001, 4, 8),
		}, of("source")),
		servers: counter("servers_read_total",
			"Servers that were asked, by outcome: answered or failed.", "source", "outcome"),
		rings: counter("ring_reads_total",
			"Reads of a server's list of closed connections.", "source"),
		spared: counter("ring_reads_avoided_total",
			"Times that a server's counters made reading its list unnecessary.", "source"),
		records: counter("records_read_total",
			"Records of connections that servers sent, known ones included.", "source"),
		bytes: counter("bytes_read_total",
			"Bytes that servers sent, as they came over the network.", "source"),
		now:         time.Now,
		datasources: map[ID]*datasource{},
	}
}

// of are the labels of every metric, and more.
func of(more ...string) []string {
	return append([]string{"datasource", "datasource_uid", "org"}, more...)
}

// Instance returns what counts for one ledger of a data source from now on.
// The newest speaks for the data source.
func (m *Metrics) Instance(id ID, name string, classifier *reason.Classifier) *Instance {
	m.mu.Lock()
	defer m.mu.Unlock()
	d := m.datasources[id]
	if d == nil {
		d = &datasource{id: id, labels: newLabels()}
		m.datasources[id] = d
	}
	i := &Instance{metrics: m, datasource: d, name: name, classifier: classifier}
	d.mu.Lock()
	defer d.mu.Unlock()
	if before := d.current; before != nil {
		before.forget()
	}
	d.current = i
	return i
}

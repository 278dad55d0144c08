package telemetry

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
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

// Instance counts what one ledger of a data source learns, and its reads.
type Instance struct {
	metrics    *Metrics
	datasource *datasource
	// name and classifier are as the settings say; the data source's lock guards them.
	name       string
	classifier *reason.Classifier
	// size: the ledger's size was told.
	size bool
}

// Adopt takes what the settings say now, and speaks for the data source; what
// was counted keeps the name and class that it was counted with.
func (i *Instance) Adopt(name string, classifier *reason.Classifier) {
	d := i.datasource
	d.mu.Lock()
	defer d.mu.Unlock()
	if i.size && i.name != name {
		i.forget()
	}
	if before := d.current; before != nil && before != i {
		before.forget()
	}
	i.name, i.classifier, d.current = name, classifier, i
}

// labels are the values of the labels that all metrics have, and more; the
// data source's lock must be held.
func (i *Instance) labels(more ...string) []string {
	return append([]string{i.name, i.datasource.id.UID, i.datasource.id.Org}, more...)
}

// Tell takes the news of the instance's ledger.
func (i *Instance) Tell(news ledger.News) {
	d := i.datasource
	d.mu.Lock()
	defer d.mu.Unlock()
	now := i.metrics.now()
	for _, ring := range news.Rings {
		i.count(news, ring, d.counted.Take(ring, now))
		labels := i.labels(d.labels.server(ring.Label))
		gaps, lost := i.metrics.gaps.WithLabelValues(labels...), i.metrics.lost.WithLabelValues(labels...)
		for _, gap := range ring.Gaps {
			gaps.Inc()
			lost.Add(float64(gap.Lost))
		}
	}
	if d.current == i {
		i.metrics.ledger.WithLabelValues(i.labels()...).Set(float64(news.Kept))
		i.size = true
	}
}

// count counts the fresh ones among the stops of a ring. The others make sure
// that there is a zero to rise from: a rate does not see a counter that appears.
func (i *Instance) count(news ledger.News, ring ledger.RingNews, fresh []*model.Stop) {
	type kind struct{ reason, account string }
	counters := map[kind]prometheus.Counter{}
	counter := func(s *model.Stop) prometheus.Counter {
		of := kind{s.Reason, news.Account(s)}
		if counters[of] == nil {
			counters[of] = i.stopped(of.reason, of.account, ring.Label)
		}
		return counters[of]
	}
	for _, s := range ring.Stops {
		counter(s)
	}
	for _, s := range fresh {
		counter(s).Inc()
	}
}

func (i *Instance) stopped(reason, account, server string) prometheus.Counter {
	of := i.datasource.labels.bound(series{
		reason: reason, class: string(i.classifier.Reason(reason).Class), account: account, server: server,
	})
	return i.metrics.stopped.WithLabelValues(i.labels(of.reason, of.class, of.account, of.server)...)
}

// Close forgets what was true of the ledger alone; what it counted stays.
func (i *Instance) Close() {
	d := i.datasource
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.current == i {
		i.forget()
		d.current = nil
	}
}

func (i *Instance) forget() {
	i.metrics.ledger.DeleteLabelValues(i.labels()...)
	i.size = false
}

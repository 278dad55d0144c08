package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

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

// Adopt takes what the settings say now; what was counted keeps the name and
// class that it was counted with.
func (i *Instance) Adopt(name string, classifier *reason.Classifier) {
	d := i.datasource
	d.mu.Lock()
	defer d.mu.Unlock()
	if i.size && i.name != name {
		i.forget()
	}
	i.name, i.classifier = name, classifier
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

package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// Instance counts what one instance of a data source does.
type Instance struct {
	metrics    *Metrics
	datasource *datasource
	uid, name  string
	classifier *reason.Classifier
}

// Tell takes the news of the instance's ledger.
func (i *Instance) Tell(news ledger.News) {
	d := i.datasource
	d.mu.Lock()
	defer d.mu.Unlock()
	now := i.metrics.now()
	for _, ring := range news.Rings {
		i.count(news, ring, d.counted.Take(ring, now))
		labels := []string{i.name, i.uid, d.labels.server(ring.Server.Name)}
		gaps, lost := i.metrics.gaps.WithLabelValues(labels...), i.metrics.lost.WithLabelValues(labels...)
		for _, gap := range ring.Gaps {
			gaps.Inc()
			lost.Add(float64(gap.Lost))
		}
	}
	if d.current == i {
		i.metrics.ledger.WithLabelValues(i.name, i.uid).Set(float64(news.Kept))
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
			counters[of] = i.stopped(of.reason, of.account, ring.Server.Name)
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
	return i.metrics.stopped.WithLabelValues(i.name, i.uid, of.reason, of.class, of.account, of.server)
}

// Close forgets what was true of the instance alone; what it counted stays.
func (i *Instance) Close() {
	d := i.datasource
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.current == i {
		i.forget()
		d.current = nil
	}
}

func (i *Instance) forget() { i.metrics.ledger.DeleteLabelValues(i.name, i.uid) }

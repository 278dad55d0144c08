package telemetry

import (
	"context"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// The kinds of sources.
const (
	HTTP = "http"
	NATS = "nats"
)

// measured counts what its source reads.
type measured struct {
	source.Source
	instance *Instance
	kind     string
}

// Measure returns a source that reads as the given one does, and counts it.
func (i *Instance) Measure(kind string, from source.Source) source.Source {
	return &measured{Source: from, instance: i, kind: kind}
}

// labels are what the reads of now are counted by.
func (m *measured) labels() []string {
	d := m.instance.datasource
	d.mu.Lock()
	defer d.mu.Unlock()
	return m.instance.labels(m.kind)
}

// Read implements [source.Source].
func (m *measured) Read(ctx context.Context, req source.Request) []model.Reading {
	began := time.Now()
	readings := m.Source.Read(ctx, req)
	labels, to := m.labels(), m.instance.metrics
	to.syncs.WithLabelValues(labels...).Observe(time.Since(began).Seconds())
	var rings, spared, records, bytes, answered, failed int
	for _, r := range readings {
		bytes += int(r.Bytes)
		records += len(r.Closed) + len(r.Open)
		switch r.Ring {
		case model.RingRead:
			rings++
		case model.RingUnchanged:
			spared++
		case model.RingNotAsked:
		}
		switch {
		case r.Repeated:
		case r.Err == nil:
			answered++
		default:
			failed++
		}
	}
	to.rings.WithLabelValues(labels...).Add(float64(rings))
	to.spared.WithLabelValues(labels...).Add(float64(spared))
	to.records.WithLabelValues(labels...).Add(float64(records))
	to.bytes.WithLabelValues(labels...).Add(float64(bytes))
	to.servers.WithLabelValues(slices.Concat(labels, []string{"answered"})...).Add(float64(answered))
	to.servers.WithLabelValues(slices.Concat(labels, []string{"failed"})...).Add(float64(failed))
	return readings
}

package plugin

import (
	"context"
	"fmt"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/instancemgmt"

	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/settings"
	"github.com/natsops/nats-connections-datasource/pkg/telemetry"
)

// ID is the plugin's id in Grafana and in its catalog.
const ID = "natsops-connections-datasource"

// Datasource is one configured data source: its settings, and what it reads
// and remembers.
type Datasource struct {
	settings   settings.Settings
	ways       []way
	syncer     *syncer
	classifier *reason.Classifier
	metrics    *telemetry.Instance
}

var (
	_ backend.QueryDataHandler      = (*Datasource)(nil)
	_ backend.CheckHealthHandler    = (*Datasource)(nil)
	_ instancemgmt.InstanceDisposer = (*Datasource)(nil)
)

// Factory makes instances whose metrics are m's, which outlives them.
func Factory(m *telemetry.Metrics) func(context.Context, backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
	return func(ctx context.Context, instance backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
		return newDatasource(ctx, instance, m)
	}
}

// newDatasource makes an instance from settings; it never dials, so a server
// that is down does not keep the data source from existing.
func newDatasource(ctx context.Context, instance backend.DataSourceInstanceSettings, m *telemetry.Metrics) (*Datasource, error) {
	parsed, err := settings.Parse(instance)
	if err != nil {
		return nil, unusable(err)
	}
	apps, err := app.NewNamer(patterns(parsed))
	if err != nil {
		return nil, unusable(err)
	}
	options, err := settings.HTTPOptions(ctx, instance, parsed)
	if err != nil {
		return nil, unusable(err)
	}
	ways, err := newWays(ctx, options, parsed)
	if err != nil {
		return nil, unusable(err)
	}
	classifier := reason.NewClassifier(classes(parsed))
	own := m.Instance(telemetry.ID{Org: tenantOf(backend.PluginConfigFromContext(ctx)).String(), UID: instance.UID}, instance.Name, classifier)
	ledger := ledger.New(ledger.DefaultLimits(), apps)
	ledger.Subscribe(own.Tell)
	d := &Datasource{
		settings: parsed, ways: ways, syncer: newSyncer(newSource(ways, own), ledger, parsed.SyncEvery),
		classifier: classifier, metrics: own,
	}
	if parsed.BackgroundSync > 0 {
		d.syncer.keepUp(ctx, parsed.BackgroundSync)
	}
	return d, nil
}

// Dispose ends what the instance keeps open; Grafana calls it when the
// settings changed.
func (d *Datasource) Dispose() {
	d.syncer.close()
	d.metrics.Close()
}

// unusable marks settings that cannot be read: the user's to mend, not the plugin's.
func unusable(err error) error {
	return backend.DownstreamError(fmt.Errorf("the data source's settings cannot be used: %w", err))
}

func patterns(s settings.Settings) []string {
	if s.AppPatterns == nil {
		return app.DefaultPatterns()
	}
	return s.AppPatterns
}

func classes(s settings.Settings) map[string]reason.Class {
	overrides := make(map[string]reason.Class, len(s.ClassOverrides))
	for text, class := range s.ClassOverrides {
		overrides[text] = reason.Class(class)
	}
	return overrides
}

package plugin

import (
	"context"
	"fmt"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/instancemgmt"
)

// Datasource is one configured data source as Grafana's SDK knows it: its
// settings. What it remembers is the process's.
type Datasource struct {
	process *Process
	recipe  *recipe
}

var (
	_ backend.QueryDataHandler      = (*Datasource)(nil)
	_ backend.CheckHealthHandler    = (*Datasource)(nil)
	_ backend.CallResourceHandler   = (*Datasource)(nil)
	_ backend.StreamHandler         = (*Datasource)(nil)
	_ instancemgmt.InstanceDisposer = (*Datasource)(nil)
)

// NewInstance makes an instance from settings; it never dials, so a server that
// is down does not keep the data source from existing.
func (p *Process) NewInstance(ctx context.Context, instance backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
	r, err := newRecipe(ctx, instance)
	if err != nil {
		return nil, unusable(err)
	}
	if err := p.begin(ctx, r); err != nil {
		return nil, unusable(err)
	}
	return &Datasource{process: p, recipe: r}, nil
}

// ask returns what is remembered for the data source, for somebody who asks.
func (d *Datasource) ask(ctx context.Context) (*memory, error) {
	m, err := d.process.ask(ctx, d.recipe)
	if err != nil {
		return nil, unusable(err)
	}
	return m, nil
}

// Dispose tells that the instance is not asked any more; Grafana calls it when
// the settings changed.
func (d *Datasource) Dispose() { d.process.leave(d.recipe) }

// unusable marks settings that cannot be read: the user's to mend, not the plugin's.
func unusable(err error) error {
	return backend.DownstreamError(fmt.Errorf("the data source's settings cannot be used: %w", err))
}

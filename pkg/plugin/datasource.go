// Package plugin is Grafana's side of the data source: one file per handler.
package plugin

import (
	"context"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/instancemgmt"
)

// ID is the plugin's id in Grafana and in its catalog.
const ID = "natsops-connections-datasource"

// Datasource is one configured data source.
type Datasource struct{}

// New makes an instance from settings; it never dials.
func New(_ context.Context, _ backend.DataSourceInstanceSettings) (instancemgmt.Instance, error) {
	return &Datasource{}, nil
}

// Package plugin is Grafana's side of the data source: one file per handler.
package plugin

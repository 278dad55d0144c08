// Package plugin is Grafana's side of the data source: one file per handler, and
// the one place that brings the other packages together. It does not know how
// servers are asked, what is remembered, or how answers are found and drawn.
package plugin

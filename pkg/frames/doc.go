// Package frames shapes results as Grafana data frames, one shape per view
// (docs/development/architecture.md#one-shape-per-view). Where results come from is not known here.
package frames

// Package engine answers questions about a snapshot of the ledger: select, group, sum.
// It knows neither Grafana nor how answers are drawn (frames).
package engine

// Package engine answers questions about a snapshot of the ledger: select, group,
// sum. It does not know Grafana, how a query is written (query), or how answers
// are drawn (frames).
package engine

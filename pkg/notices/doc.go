// Package notices says beside an answer what it is without: silent servers, gaps,
// limits, clocks. It knows what the ledger tells of servers and Grafana's notices. It
// does not know queries, nor how answers are shaped.
package notices

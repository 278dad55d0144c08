// Package history writes what a ledger learns to a JetStream stream, and gives it
// back to the ledger of the next start. It knows the stream, who else writes to it,
// and what could not be written in time. It does not know how servers are read
// (source), or what anybody asks (query).
package history

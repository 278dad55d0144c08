// Package store keeps stops column by column in little memory: append-only rows that
// snapshots share, and the symbols that rows refer to. It does not know which
// server's records are complete (ledger), or what is asked of them (engine).
package store

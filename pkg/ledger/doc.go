// Package ledger remembers what every server process told, each stop once, and since
// when that is complete. It does not know how servers are asked (source), or what
// anybody asks about it (engine).
package ledger

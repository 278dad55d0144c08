// Package live tells streams what stops from now on: which channel follows which
// question, what of the ledger's news is for it, and what is sent. It does not
// know who listens, how servers are read, or how rows are drawn.
package live

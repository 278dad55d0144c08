// Package health says what Save & test found: of the servers that were read, and
// of the stream that keeps their history. It does not know how either is asked, or
// Grafana.
package health

// Package telemetry is what the plugin tells Prometheus: the stops it saw, and
// its own work. It is the one place where state belongs to the process, because
// a counter must not fall when an instance is replaced. It does not know what
// queries ask, or how servers are read.
package telemetry

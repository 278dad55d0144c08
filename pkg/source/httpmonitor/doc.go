// Package httpmonitor reads NATS servers over their HTTP monitoring endpoints.
// It knows URLs, DNS and proxies, but not what is known of a server already.
package httpmonitor

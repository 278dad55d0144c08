// Package httpmonitor reads NATS servers over their HTTP monitoring endpoints.
// It knows URLs, DNS and proxies. It does not know what is known of a server already.
package httpmonitor

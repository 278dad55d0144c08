// Package advised is about stops that only advisories told. It does not know what else
// is kept of a server, nor when its ring is waited for.
package advised

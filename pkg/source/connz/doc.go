// Package connz reads a server's lists of connections page by page, while they
// change. It does not know what carries the pages.
package connz

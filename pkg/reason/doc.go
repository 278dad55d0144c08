// Package reason knows why connections stop: each string that a server can give, its
// class, severity, loss, meaning and remedy. It does not know who stopped, or when.
package reason

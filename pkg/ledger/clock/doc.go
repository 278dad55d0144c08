// Package clock takes out of a server's times what its clock is off. It does not know
// what is kept of servers.
package clock

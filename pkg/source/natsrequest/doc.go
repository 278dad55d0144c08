// Package natsrequest reads all servers of a NATS system over one connection, with
// a login of its system account, or of an account that sees itself alone. It does
// not know what is known of a server already.
package natsrequest

// Package decode reads what servers answer: their JSON, and what its members
// mean by the server's version. It does not know what carries it.
package decode

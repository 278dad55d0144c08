// Package model is the nouns of the domain: connections and their stops, servers,
// what one read of a server brought, and whom a finding is about. It imports only the standard library.
// It does not know why connections stop (reason), what is kept of them (store,
// ledger) or how they are asked for.
package model

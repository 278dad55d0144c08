// Package books is about which stops of one server process are missing: what reads of its
// ring show of that, and which gaps are told. It does not know the records.
package books

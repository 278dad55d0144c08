// Package reads lets everybody who asks at about the same time share one read of
// the servers (decision D3): what has to be read, how old a read may be, and the
// reading that goes on while nobody asks. It does not know queries, nor what is
// made of what was read.
package reads

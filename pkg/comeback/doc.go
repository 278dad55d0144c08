// Package comeback finds out what became of the clients that stopped: how many
// they were, and whether they were seen again. It knows stops that are kept and
// the servers' open connections. It does not know how servers are asked (source),
// who may know what (query), or how answers are drawn (frames).
package comeback

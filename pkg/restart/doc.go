// Package restart finds out which restarts of servers belong together, whether
// somebody meant them, and which stops are part of them. It knows the servers'
// lives and the stops that are kept. It does not know what of it is worth telling
// (finding), or who came back (comeback).
package restart

// Package answer answers one valid query from what was read: a table says for each
// query type what must have been read, and for each of its views who answers. It
// does not know how servers are read, nor whose request it is.
package answer

// Package groups sums findings by keys, as the engine does records. It does not
// know how findings are found or drawn.
package groups

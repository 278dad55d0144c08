// Package beyond sums what a history has and memory does not: a part of the stream
// is read, summed for a question and dropped, and its sums are kept for who asks
// again. It does not know how blocks are written, nor how answers are drawn.
package beyond

// Package merge reads servers along several ways side by side, and answers once
// for each server. It does not know what the ways are.
package merge

// Package fields has one row for each key that records are grouped and filtered by,
// and for each number that they are measured by: words, units, and where the value
// is found. It does not know how groups are made (engine), or how they are shown.
package fields

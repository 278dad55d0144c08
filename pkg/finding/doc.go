// Package finding is the catalogue of rules: what each looks for, with which
// thresholds, what it means and what to do, and what a finding of theirs is. It
// does not know how findings are found (finding/rules over finding/facts), kept
// (finding/watch) or drawn.
package finding

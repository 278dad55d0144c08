// Package facts arranges a snapshot for rules: stops by what they are evidence
// of, apps by when they were seen, open connections by whose they are. It does
// not know what is wrong with any of it.
package facts

// Package source is where readings come from: one small interface, what every
// way to the servers shares, and one room per way. It does not know what is
// kept of readings, nor what they are asked for.
package source

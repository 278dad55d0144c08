// Package guard keeps a fault from ending the process, which all data sources
// share. It does not know what it guards.
package guard

// Package guard keeps a fault from ending the process, which all data sources
// share. It knows nothing of what it guards.
package guard

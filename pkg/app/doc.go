// Package app finds the app of a client by its name, because names are per
// instance and patterns of failure are per deployment. It does not know whose
// names they are.
package app

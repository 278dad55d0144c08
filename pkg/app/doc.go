// Package app finds the app of a client by its name, because names are per instance
// and patterns of failure are per deployment. It knows names alone.
package app

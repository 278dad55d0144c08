// Package settings turns what a data source was configured with into one
// validated struct, and its secrets into logins. It does not know what is done
// with them, or whether a server can be reached.
package settings

// Package watch keeps what was found as long as nothing changed of what it was
// found in. It does not know rules, nor who asks.
package watch

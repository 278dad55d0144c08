// Package breaker spares readers the wait for servers that do not answer in
// time. It does not know how they are asked.
package breaker

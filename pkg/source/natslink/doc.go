// Package natslink keeps one connection to NATS: made when it is first needed,
// renewed where its server hangs, and no nuisance to whoever refuses it. It does
// not know what is asked over it.
package natslink

package natslink

import "time"

// Whoever is refused asks again later, and later each time: every attempt is a
// record in the server's ring, and an alarm for those who watch it.
const (
	firstDenial = 30 * time.Second
	maxDenial   = 4 * time.Minute
)

const (
	// reconnectIn is how long an address rests before it is tried again, and
	// jitter what is added, so that not all clients come at once.
	reconnectIn = time.Second
	jitter      = 500 * time.Millisecond
	// discoveredTimeout bounds the first attempt at an address that nobody
	// configured: it may not be meant for us, and there are other ones. Each
	// further attempt may take twice as long, for those that are far away.
	discoveredTimeout = time.Second
	// maxOpened is how often we knock in a row at a server that answers and does
	// not let us in, before we do it no more often than where we were refused.
	maxOpened = 8
)

// attempts are those at one address since the connection was lost.
type attempts struct {
	count int
	last  time.Time
	// opened is how many of them were answered and led to nothing all the same.
	opened int
}

// rest is how long to leave the address alone. One that answers and does not
// let us in keeps a record of each attempt, as when it is full.
func (a attempts) rest(noise time.Duration) time.Duration {
	if a.opened > maxOpened {
		return firstDenial
	}
	return reconnectIn + noise%jitter
}

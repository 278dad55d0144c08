package natslink

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/nats-io/nats.go"
)

// Whoever is refused asks again later, and later each time: every attempt is a
// record in the server's ring, and an alarm for those who watch it.
const (
	firstDenial = 30 * time.Second
	maxDenial   = 4 * time.Minute
)

// denial is how a server refused us, and until when it is left alone.
type denial struct {
	err   error
	until time.Time
	rest  time.Duration
}

// again is the denial after one more refusal.
func (d denial) again(err error, now time.Time) denial {
	rest := min(2*d.rest, maxDenial)
	if d.rest == 0 {
		rest = firstDenial
	}
	return denial{err: err, until: now.Add(rest), rest: rest}
}

// isDenial reports whether err is a refusal that asking again does not mend.
func isDenial(err error) bool {
	for _, refusal := range []error{
		nats.ErrAuthorization, nats.ErrAuthExpired, nats.ErrAuthRevoked, nats.ErrAccountAuthExpired,
		nats.ErrMaxConnectionsExceeded, nats.ErrMaxAccountConnectionsExceeded,
	} {
		if errors.Is(err, refusal) {
			return true
		}
	}
	return false
}

// telling is the error that says most: a refusal stays where others come and go.
func telling(errs []error) error {
	for _, err := range errs {
		if isDenial(err) {
			return err
		}
	}
	return errs[len(errs)-1]
}

// IsTimeout reports whether something took too long.
func IsTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, nats.ErrTimeout) ||
		errors.As(err, &timeout) && timeout.Timeout()
}

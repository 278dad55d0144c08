package natslink

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// denial is how a server refused us, and until when it is left alone.
type denial struct {
	err   error
	until time.Time
	rest  time.Duration
	// shut is how often in a row it ended the connection without a word.
	shut int
}

// again is the denial after one more refusal.
func (d denial) again(err error, now time.Time) denial {
	rest := min(2*d.rest, maxDenial)
	if d.rest == 0 {
		rest = firstDenial
	}
	return denial{err: err, until: now.Add(rest), rest: rest}
}

// shutAgain is the denial after one more connection that the server ended
// before we were in. It may be restarting, so it is soon asked again at first;
// or it is full, which it has not always the time to say.
func (d denial) shutAgain(err error, now time.Time) denial {
	after := attempts{opened: d.shut + 1}
	return denial{err: err, until: now.Add(after.rest(0)), shut: after.opened}
}

// isDenial reports whether err is a refusal that asking again does not mend.
func isDenial(err error) bool {
	return IsFull(err) || errors.Is(err, nats.ErrAuthorization) || errors.Is(err, nats.ErrAuthExpired) ||
		errors.Is(err, nats.ErrAuthRevoked) || errors.Is(err, nats.ErrAccountAuthExpired)
}

// IsFull reports whether the server or the account takes no more connections.
// What the server says of it while it is being connected to, the library does
// not take for its own errors.
func IsFull(err error) bool {
	if errors.Is(err, nats.ErrMaxConnectionsExceeded) || errors.Is(err, nats.ErrMaxAccountConnectionsExceeded) {
		return true
	}
	said := strings.ToLower(err.Error())
	return strings.Contains(said, nats.MAX_CONNECTIONS_ERR) || strings.Contains(said, nats.MAX_ACCOUNT_CONNECTIONS_ERR)
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

package source

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Kind classifies an error once, at the transport, for whoever must act on it.
type Kind string

// The kinds of error.
const (
	KindAuth          Kind = "auth"
	KindPermission    Kind = "permission"
	KindTLS           Kind = "tls"
	KindNetwork       Kind = "network"
	KindTimeout       Kind = "timeout"
	KindNoResponders  Kind = "no_responders"
	KindConfiguration Kind = "configuration"
	KindProtocol      Kind = "protocol"
	// KindInternal: the fault is ours.
	KindInternal Kind = "internal"
	// KindCanceled: nobody waits for the answer any more.
	KindCanceled Kind = "canceled"
)

// Step is where on the way to an answer an error happened.
type Step string

// The steps, in the order in which they are taken.
const (
	StepConnect  Step = "connection"
	StepIdentity Step = "identity"
	StepOpen     Step = "open connections"
	StepClosed   Step = "closed connections"
	// Those of the history.
	StepStream Step = "stream of the history"
	StepRecall Step = "reading the history"
	StepAppend Step = "writing to the history"
)

// What callers ask for with errors.Is.
var (
	// ErrSameServer: the endpoint leads to a server that another endpoint of
	// the same read already answered for; nothing is missing without it.
	ErrSameServer = errors.New("the same server answered at another endpoint")
	// ErrServerChanged: the endpoint's server changed while it was read.
	ErrServerChanged = errors.New("the server changed during the read")
	// ErrUnmet: other servers count one that never told who it is.
	ErrUnmet = errors.New("a server that others count was never heard")
)

// Error is a failed read of one server: one sentence for the reader, one hint.
type Error struct {
	Kind     Kind
	Step     Step
	Endpoint string
	// Sentence says what went wrong, without the endpoint.
	Sentence string
	// Hint says what to do about it.
	Hint string
	// Rest is how long the server asked not to be asked again; 0 if it did not.
	Rest time.Duration
	// Cause is kept for errors.Is and debug logs, never shown.
	Cause error
}

func (e *Error) Error() string {
	if e.Hint == "" {
		return fmt.Sprintf("%s: %s", e.Endpoint, e.Sentence)
	}
	return fmt.Sprintf("%s: %s %s", e.Endpoint, e.Sentence, e.Hint)
}

func (e *Error) Unwrap() error { return e.Cause }

// Canceled tells whether err only says that the caller stopped waiting, which
// is nobody's fault and no news about a server.
func Canceled(err error) bool {
	var typed *Error
	if errors.As(err, &typed) {
		return typed.Kind == KindCanceled
	}
	return errors.Is(err, context.Canceled)
}

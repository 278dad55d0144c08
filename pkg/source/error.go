package source

import "fmt"

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
)

// Step is where on the way to an answer an error happened.
type Step string

// The steps, in the order in which they are taken.
const (
	StepIdentity Step = "identity"
	StepOpen     Step = "open connections"
	StepClosed   Step = "closed connections"
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
	// Cause is kept for errors.Is and debug logs, never shown.
	Cause error
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s %s", e.Endpoint, e.Sentence, e.Hint) }

func (e *Error) Unwrap() error { return e.Cause }

package natsrequest

import (
	"errors"

	"github.com/nats-io/nats.go"

	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
)

var (
	errMoving = errors.New("the list changes faster than it can be read")
	errMany   = errors.New("more servers answer than any system has")
	errLeft   = errors.New("the server left during the read")
)

var (
	errOfSystem  = errors.New("the login is of the system account")
	errOfGlobal  = errors.New("the login is of the global account")
	errNoAccount = errors.New("nobody answers accounts")
	errMayNot    = errors.New("the login may not ask about its account")
)

// undecodableError is about an answer that is none.
type undecodableError struct{ cause error }

func (e *undecodableError) Error() string { return e.cause.Error() }
func (e *undecodableError) Unwrap() error { return e.cause }

// problem is a classified failure: what it is, for whom, and what helps.
type problem struct {
	kind           source.Kind
	sentence, hint string
}

func (p problem) of(step source.Step, endpoint string, cause error) *source.Error {
	return &source.Error{Kind: p.kind, Step: step, Endpoint: endpoint, Sentence: p.sentence, Hint: p.hint, Cause: cause}
}

// failure classifies what went wrong on the way to an answer.
func failure(step source.Step, endpoint string, err error) *source.Error {
	for _, look := range []func(error) (problem, bool){scopeProblem, readProblem} {
		if found, ok := look(err); ok {
			return found.of(step, endpoint, err)
		}
	}
	return natslink.Problem("nats", step, endpoint, err)
}

func silent(endpoint string) *source.Error {
	return problem{source.KindTimeout, "It did not answer when the other servers did.",
		"Check that it runs. A server in lame duck mode answers over HTTP alone: add its monitoring URL to see it."}.
		of(source.StepIdentity, endpoint, nil)
}

func ended(endpoint string) *source.Error {
	return problem{source.KindTimeout, "It ended in order, and the other servers do not count it any more.",
		"If it was removed on purpose, wait: it is told for five minutes, unless it comes back."}.
		of(source.StepIdentity, endpoint, nil)
}

func unmet(endpoint string) *source.Error {
	return problem{source.KindTimeout, "Other servers count it, but it did not answer.",
		"It may have died minutes ago, be in lame duck mode, or hang: see which servers are missing here."}.
		of(source.StepIdentity, endpoint, source.ErrUnmet)
}

// scopeProblem is about what the login may see.
func scopeProblem(err error) (problem, bool) {
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return problem{source.KindNoResponders, "These credentials are not of the system account.",
			"Use a user of the account that the servers' configuration names as system_account, " +
				"or choose NATS account (nats.scope account) to see the account of these credentials alone."}, true
	case errors.Is(err, nats.ErrPermissionViolation):
		return problem{source.KindPermission, "These credentials may not ask for this.",
			"Let the user publish $SYS.REQ.SERVER.PING.STATSZ and $SYS.REQ.SERVER.*.CONNZ, and subscribe to _INBOX.>, or to what the inbox prefix (nats.inboxPrefix) names."}, true
	case errors.Is(err, errOfSystem):
		return problem{source.KindConfiguration, "These credentials are of the system account.",
			"Choose NATS system account (nats.scope system) to see all accounts, or use a user of the account to be seen."}, true
	case errors.Is(err, errOfGlobal):
		return problem{source.KindPermission, "These credentials are of the global account $G, whose closed connections servers do not tell apart.",
			"Use a user of the system account, or give the clients an account of their own."}, true
	case errors.Is(err, errNoAccount):
		return problem{source.KindNoResponders, "No server answers accounts about their connections.",
			"Give the servers a system account: they have one unless their configuration says otherwise."}, true
	case errors.Is(err, errMayNot):
		return problem{source.KindPermission, "These credentials may not ask about their account.",
			"Let the user publish $SYS.REQ.ACCOUNT.PING.CONNZ, and subscribe to _INBOX.>, or to what the inbox prefix (nats.inboxPrefix) names."}, true
	}
	return problem{}, false
}

// readProblem is about requests and answers.
func readProblem(err error) (problem, bool) {
	var undecodable *undecodableError
	switch {
	case errors.Is(err, errMoving):
		return problem{source.KindProtocol, "Its list changes faster than it can be read.",
			"Try again; if this stays so, see which clients connect so often."}, true
	case errors.Is(err, errMany):
		return problem{source.KindProtocol, "More servers answer than any system has, so some are left out.",
			"See who else answers requests to $SYS.REQ.SERVER in this account."}, true
	case errors.Is(err, errLeft):
		return problem{source.KindNetwork, "It left while it was read.", "It is probably being stopped or restarted; try again."}, true
	case errors.Is(err, connz.ErrTooLarge):
		return problem{source.KindProtocol, "Its answer is larger than this data source accepts.", "See which clients have names that long."}, true
	case errors.As(err, &undecodable):
		return problem{source.KindProtocol, "Its answer is not that of a NATS server.",
			"See who else answers requests to $SYS.REQ.SERVER in this account."}, true
	}
	return problem{}, false
}

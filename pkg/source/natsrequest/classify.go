package natsrequest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"

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

// isLost: there is no connection, whichever request noticed.
func isLost(err error) bool {
	return errors.Is(err, natslink.ErrLost) || errors.Is(err, nats.ErrReconnectBufExceeded) ||
		errors.Is(err, nats.ErrConnectionReconnecting) || errors.Is(err, nats.ErrConnectionClosed)
}

// failure classifies what went wrong on the way to an answer.
func failure(step source.Step, endpoint string, err error) *source.Error {
	if isLost(err) {
		step = source.StepConnect
	}
	for _, look := range []func(source.Step, error) (problem, bool){scopeProblem, readProblem, loginProblem, tlsProblem} {
		if found, ok := look(step, err); ok {
			return found.of(step, endpoint, err)
		}
	}
	return networkProblem(err).of(step, endpoint, err)
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
func scopeProblem(_ source.Step, err error) (problem, bool) {
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
func readProblem(step source.Step, err error) (problem, bool) {
	var undecodable *undecodableError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, natslink.ErrClosed):
		return problem{source.KindCanceled, "The query was cancelled.", ""}, true
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
	case isLost(err):
		return problem{source.KindNetwork, "The connection to NATS is lost and is being made anew.",
			"If this stays so, check that a server runs, and whether it still accepts these credentials."}, true
	case natslink.IsTimeout(err) && step == source.StepConnect:
		return problem{source.KindTimeout, "NATS did not let us in, in time.",
			"Check host and port, raise the timeout, or see whether the server begins with the TLS handshake (handshake_first)."}, true
	case natslink.IsTimeout(err):
		return problem{source.KindTimeout, "It did not answer in time.",
			"Check that the server is reachable and not overloaded, or raise the timeout in the data source's settings."}, true
	}
	return problem{}, false
}

func loginProblem(_ source.Step, err error) (problem, bool) {
	switch {
	case errors.Is(err, nats.ErrAuthExpired), errors.Is(err, nats.ErrAccountAuthExpired):
		return problem{source.KindAuth, "These credentials have expired.", "Give new ones in the data source's settings."}, true
	case errors.Is(err, nats.ErrAuthRevoked):
		return problem{source.KindAuth, "These credentials were revoked.", "Give new ones in the data source's settings."}, true
	case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrNkeysNotSupported), errors.Is(err, nats.ErrNkeyButNoSigCB):
		return problem{source.KindAuth, "NATS refused these credentials.",
			"Check user, password, token, seed or credentials in the data source's settings, and how this server lets clients log in."}, true
	case natslink.IsFull(err):
		return problem{source.KindPermission, "NATS takes no more connections.",
			"Raise max_connections of the server, or the account's limit."}, true
	}
	return problem{}, false
}

func tlsProblem(_ source.Step, err error) (problem, bool) {
	var (
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		verify    *tls.CertificateVerificationError
		header    tls.RecordHeaderError
		operation *net.OpError
	)
	switch {
	case errors.As(err, &authority):
		return problem{source.KindTLS, "Its certificate is signed by an authority that is not trusted here.",
			"Give the authority's certificate as natsTlsCaCert."}, true
	case errors.As(err, &hostname):
		return problem{source.KindTLS, "Its certificate is for another host name.",
			"Use a host name that the certificate names, or set it as tlsServerName."}, true
	case errors.As(err, &verify):
		return problem{source.KindTLS, "Its certificate was not accepted.", "Check the server's certificate, and natsTlsCaCert."}, true
	case errors.Is(err, nats.ErrSecureConnWanted), errors.As(err, &header):
		return problem{source.KindTLS, "It does not speak TLS as the settings ask for.",
			"Use nats:// without TLS settings if it has no TLS, and tlsHandshakeFirst only if it has handshake_first."}, true
	// crypto/tls keeps the type of a received alert to itself; what it is
	// wrapped in is public, the rest is text. Where the connection's end
	// overtakes the alert, nats.go says so.
	case errors.As(err, &operation) && operation.Op == "remote error", errors.Is(err, nats.ErrTLS):
		return problem{source.KindTLS, "It ended the TLS handshake.",
			"If it asks for a client certificate, give one that it trusts as natsTlsClientCert and natsTlsClientKey."}, true
	}
	return problem{}, false
}

func networkProblem(err error) problem {
	if found := source.Unreached(err, "Check host and port for clients, commonly 4222, and that the server runs."); found != nil {
		return problem{found.Kind, found.Sentence, found.Hint}
	}
	var operation *net.OpError
	switch {
	case errors.As(err, &operation) && (operation.Op == "read" || operation.Op == "write"):
		return problem{source.KindNetwork, "It ended the connection before we were let in.",
			"See its log: it may be starting or stopping, or take no more connections."}
	case errors.Is(err, nats.ErrNoInfoReceived), errors.Is(err, io.EOF), isWebAnswer(err):
		return problem{source.KindNetwork, "It could not be talked to as a NATS server.",
			"Check that host and port are those for NATS clients, commonly 4222, or of a websocket with ws:// or wss://, not for monitoring."}
	}
	return problem{source.KindNetwork, "The connection to NATS could not be made.",
		"See the server's log, and what stands between Grafana and the server."}
}

// isWebAnswer: what nats.go and net/http say of an answer that is no
// WebSocket's, they keep to its text.
func isWebAnswer(err error) bool {
	return strings.Contains(err.Error(), "invalid websocket connection") || strings.Contains(err.Error(), "malformed HTTP")
}

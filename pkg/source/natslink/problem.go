package natslink

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
)

// problem is a classified failure: what it is, for whom, and what helps.
type problem struct {
	kind           source.Kind
	sentence, hint string
}

// Problem is what ended a request over a connection that the settings call by
// that name, where the connection is to blame or nobody knows better: its
// sentence and hint are for people.
func Problem(settings string, step source.Step, endpoint string, err error) *source.Error {
	if IsLost(err) {
		step = source.StepConnect
	}
	found := networkProblem(err)
	for _, look := range []func(string, source.Step, error) (problem, bool){requestProblem, loginProblem, tlsProblem} {
		if known, ok := look(settings, step, err); ok {
			found = known
			break
		}
	}
	return &source.Error{Kind: found.kind, Step: step, Endpoint: endpoint, Sentence: found.sentence, Hint: found.hint, Cause: err}
}

// IsLost reports whether there is no connection, whichever request noticed.
func IsLost(err error) bool {
	return errors.Is(err, ErrLost) || errors.Is(err, nats.ErrReconnectBufExceeded) ||
		errors.Is(err, nats.ErrConnectionReconnecting) || errors.Is(err, nats.ErrConnectionClosed)
}

func requestProblem(_ string, step source.Step, err error) (problem, bool) {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, ErrClosed):
		return problem{source.KindCanceled, "The query was cancelled.", ""}, true
	case IsLost(err):
		return problem{source.KindNetwork, "The connection to NATS is lost and is being made anew.",
			"If this stays so, check that a server runs, and whether it still accepts these credentials."}, true
	case IsTimeout(err) && step == source.StepConnect:
		return problem{source.KindTimeout, "NATS did not let us in, in time.",
			"Check host and port, raise the timeout, or see whether the server begins with the TLS handshake (handshake_first)."}, true
	case IsTimeout(err):
		return problem{source.KindTimeout, "It did not answer in time.",
			"Check that the server is reachable and not overloaded, or raise the timeout in the data source's settings."}, true
	}
	return problem{}, false
}

func loginProblem(_ string, _ source.Step, err error) (problem, bool) {
	switch {
	case errors.Is(err, nats.ErrAuthExpired), errors.Is(err, nats.ErrAccountAuthExpired):
		return problem{source.KindAuth, "These credentials have expired.", "Give new ones in the data source's settings."}, true
	case errors.Is(err, nats.ErrAuthRevoked):
		return problem{source.KindAuth, "These credentials were revoked.", "Give new ones in the data source's settings."}, true
	case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrNkeysNotSupported), errors.Is(err, nats.ErrNkeyButNoSigCB):
		return problem{source.KindAuth, "NATS refused these credentials.",
			"Check user, password, token, seed or credentials in the data source's settings, and how this server lets clients log in."}, true
	case IsFull(err):
		return problem{source.KindPermission, "NATS takes no more connections.",
			"Raise max_connections of the server, or the account's limit."}, true
	}
	return problem{}, false
}

func tlsProblem(settings string, _ source.Step, err error) (problem, bool) {
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
			"Give the authority's certificate as " + settings + "TlsCaCert."}, true
	case errors.As(err, &hostname):
		return problem{source.KindTLS, "Its certificate is for another host name.",
			"Use a host name that the certificate names, or set it as tlsServerName."}, true
	case errors.As(err, &verify):
		return problem{source.KindTLS, "Its certificate was not accepted.", "Check the server's certificate, and " + settings + "TlsCaCert."}, true
	case errors.Is(err, nats.ErrSecureConnWanted), errors.As(err, &header):
		return problem{source.KindTLS, "It does not speak TLS as the settings ask for.",
			"Use nats:// without TLS settings if it has no TLS, and tlsHandshakeFirst only if it has handshake_first."}, true
	// crypto/tls keeps the type of a received alert to itself; what it is
	// wrapped in is public, the rest is text. Where the connection's end
	// overtakes the alert, nats.go says so.
	case errors.As(err, &operation) && operation.Op == "remote error", errors.Is(err, nats.ErrTLS):
		return problem{source.KindTLS, "It ended the TLS handshake.",
			"If it asks for a client certificate, give one that it trusts as " + settings + "TlsClientCert and " + settings + "TlsClientKey."}, true
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

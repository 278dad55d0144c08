package httpmonitor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// errStale: a cache on the way gave an old answer.
var errStale = errors.New("the answer is old")

func (r *reader) fail(step source.Step, kind source.Kind, cause error, sentence, hint string) *source.Error {
	return &source.Error{Kind: kind, Step: step, Endpoint: r.label, Sentence: sentence, Hint: hint, Cause: cause}
}

// problem is a classified failure: what it is, for whom, and what helps.
type problem struct {
	kind           source.Kind
	sentence, hint string
}

// unreachable classifies a request that got no complete answer.
func (r *reader) unreachable(step source.Step, err error) *source.Error {
	var found problem
	switch {
	case errors.Is(err, context.Canceled):
		found = problem{source.KindCanceled, "The query was cancelled.", ""}
	case isTimeout(err):
		found = problem{source.KindTimeout, "It did not answer in time.",
			"Check that the server is reachable and not overloaded, or raise the timeout in the data source's settings."}
	default:
		var ok bool
		if found, ok = tlsProblem(err); !ok {
			found = networkProblem(err)
		}
	}
	return r.fail(step, found.kind, err, found.sentence, found.hint)
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

func tlsProblem(err error) (problem, bool) {
	var (
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		verify    *tls.CertificateVerificationError
		header    tls.RecordHeaderError
		operation *net.OpError
	)
	switch {
	case errors.As(err, &authority):
		return problem{source.KindTLS, "Its certificate is signed by an authority that is not trusted here.",
			"Add the authority's certificate as CA certificate in the data source's TLS settings."}, true
	case errors.As(err, &hostname):
		return problem{source.KindTLS, "Its certificate is for another host name.",
			"Use a host name that the certificate names, or set it as server name in the data source's TLS settings."}, true
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return problem{source.KindTLS, "Its certificate has expired or is not valid yet.",
			"Renew the certificate, and check the clocks of both machines."}, true
	case errors.As(err, &invalid), errors.As(err, &verify):
		return problem{source.KindTLS, "Its certificate was not accepted.",
			"Check the server's certificate and the CA certificate in the data source's TLS settings."}, true
	case errors.Is(err, http.ErrSchemeMismatch):
		return problem{source.KindTLS, "It speaks HTTP, but the URL says https.", "Use http:// in this URL."}, true
	case errors.As(err, &header):
		// A NATS client port greets everyone with its INFO line.
		if string(header.RecordHeader[:]) == "INFO " {
			return clientPort, true
		}
		return problem{source.KindTLS, "It does not speak TLS, but the URL says https.", "Use http:// in this URL, or check its port."}, true
	// crypto/tls keeps the type of a received alert to itself; what it is
	// wrapped in is public, the rest is text.
	case errors.As(err, &operation) && operation.Op == "remote error":
		if text := operation.Err.Error(); strings.Contains(text, "certificate") {
			return problem{source.KindTLS, "It asks for a client certificate that it trusts.",
				"Turn on TLS client authentication in the data source's settings and give certificate and key."}, true
		}
		return problem{source.KindTLS, "It ended the TLS handshake.",
			"Check the TLS versions and the server name in the data source's TLS settings."}, true
	}
	return problem{}, false
}

var clientPort = problem{source.KindConfiguration, "This is the port for NATS clients, not the monitoring port.",
	"Use the port of http_port or https_port in the server's configuration, commonly 8222."}

func networkProblem(err error) problem {
	const listening = "Check host and port, and that the server runs with its monitoring port open (http_port)."
	if found := source.Unreached(err, listening); found != nil {
		return problem{found.Kind, found.Sentence, found.Hint}
	}
	var operation *net.OpError
	switch {
	case errors.As(err, &operation) && operation.Op == "proxyconnect":
		return problem{source.KindNetwork, "The HTTP proxy on the way to it could not be reached.",
			"Check the proxy configured for the machine that Grafana runs on."}
	// net/http keeps the type of this error to itself: it quotes the INFO line
	// with which a NATS client port greets everyone.
	case strings.Contains(err.Error(), "malformed HTTP") && strings.Contains(err.Error(), "server_id"):
		return clientPort
	// So it does where that line came before the request was sent.
	case strings.Contains(err.Error(), "malformed HTTP"), strings.Contains(err.Error(), "readLoopPeekFail"), strings.Contains(err.Error(), "server closed idle"):
		return problem{source.KindConfiguration, "It does not answer as an HTTP server.",
			"Check the port: monitoring commonly has port 8222, while 4222 is for NATS clients."}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &operation):
		return problem{source.KindNetwork, "The connection broke off before the answer was complete.",
			"The server may be stopping or restarting; try again, then see its log."}
	}
	return problem{source.KindConfiguration, "The request to it could not be made or understood.",
		"Check the data source's HTTP settings, such as headers, and what stands between Grafana and the server."}
}

// refused classifies an answer that is not 200. Nothing of its body is shown:
// what stands in front of a server may repeat credentials in it.
func (r *reader) refused(step source.Step, res *http.Response, start []byte) *source.Error {
	found := statusProblem(res, start)
	refused := r.fail(step, found.kind, nil, found.sentence, found.hint)
	refused.Rest = restOf(res, time.Now())
	return refused
}

// restOf is how long an answer asks to be left alone.
func restOf(res *http.Response, now time.Time) time.Duration {
	text := res.Header.Get("Retry-After")
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return at.Sub(now)
	}
	return 0
}

func statusProblem(res *http.Response, start []byte) problem {
	status := res.StatusCode
	// Servers that speak TLS say so only in the text of this refusal.
	plain := status == http.StatusBadRequest && res.Request.URL.Scheme == "http" && strings.Contains(string(start), "HTTPS")
	switch {
	case plain:
		return problem{source.KindTLS, "It speaks HTTPS, but the URL says http.", "Use https:// in this URL."}
	case status == http.StatusNotModified:
		return problem{source.KindConfiguration, "A cache on the way answers for it (HTTP 304).", keepNone}
	case status >= 300 && status < 400:
		return redirectProblem(res)
	case status == http.StatusTooManyRequests:
		return problem{source.KindNetwork, "What stands in front of it allows no more requests now (HTTP 429).",
			"Allow Grafana more of them there, or refresh dashboards less often."}
	case status == http.StatusUnauthorized:
		return problem{source.KindAuth, "It asks for a login (HTTP 401).",
			"Give user and password, or the header that the proxy in front of the server expects, in the data source's settings."}
	case status == http.StatusProxyAuthRequired:
		return problem{source.KindAuth, "The HTTP proxy on the way to it asks for a login (HTTP 407).",
			"Check the proxy configured for the machine that Grafana runs on."}
	case status == http.StatusForbidden:
		return problem{source.KindPermission, "It refuses access with these credentials (HTTP 403).",
			"Allow /varz and /connz for them where access is decided."}
	case status == http.StatusNotFound:
		return problem{source.KindConfiguration, "It has no monitoring under this URL (HTTP 404).",
			"Check the path: it must be the server's http_base_path, and nothing if none is set."}
	case status == http.StatusBadGateway, status == http.StatusServiceUnavailable, status == http.StatusGatewayTimeout:
		return problem{source.KindNetwork, "What stands in front of it could not reach it (HTTP " + strconv.Itoa(status) + ").",
			"Check that the server runs, and the proxy's or load balancer's log."}
	}
	return problem{source.KindProtocol, "It answered with HTTP " + strconv.Itoa(status) + ".", "See the log of the server or of the proxy in front of it."}
}

const keepNone = "Let what stands in front of the server pass on /varz and /connz without keeping answers."

// redirectProblem: headers and passwords are never carried to another address.
func redirectProblem(res *http.Response) problem {
	target, err := res.Location()
	if err == nil && strings.TrimRight(target.Path, "/") == strings.TrimRight(res.Request.URL.Path, "/") {
		to := url.URL{Scheme: target.Scheme, Host: target.Host}
		return problem{source.KindConfiguration, "It redirects to " + to.String() + ".", "Use that address in the URL."}
	}
	return problem{source.KindAuth, "It redirects elsewhere, probably to a login page.",
		"Give the header or the login that the proxy in front of the server expects, in the data source's settings."}
}

func (r *reader) undecodable(step source.Step, err error) *source.Error {
	return r.fail(step, source.KindProtocol, err, "Its answer is not the JSON of a NATS server.",
		"Use the base URL of the server's monitoring port; if it is, a proxy on the way may be changing or cutting answers.")
}

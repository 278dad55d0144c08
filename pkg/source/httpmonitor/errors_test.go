package httpmonitor_test

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/httpmonitor"
)

const (
	secret   = "s3cret"
	goodVarz = `{"server_id":"NA","server_name":"n1","version":"2.15.2"}`
)

// readError reads the one server at url and returns how that failed.
func readError(t *testing.T, opts httpclient.Options, url string, options ...httpmonitor.Option) *source.Error {
	t.Helper()
	s, err := httpmonitor.New(opts, []string{url}, options...)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r := s.Read(t.Context(), source.Request{Closed: true})[0]
	var typed *source.Error
	if !errors.As(r.Err, &typed) {
		t.Fatalf("got %v, want a *source.Error", r.Err)
	}
	if strings.Contains(typed.Error(), secret) {
		t.Errorf("the error shows a secret: %s", typed)
	}
	if typed.Sentence == "" || typed.Hint == "" || typed.Endpoint == "" {
		t.Errorf("sentence, hint or endpoint is missing: %+v", typed)
	}
	return typed
}

func check(t *testing.T, got *source.Error, kind source.Kind, step source.Step, sentence string) {
	t.Helper()
	if got.Kind != kind || got.Step != step || got.Sentence != sentence {
		t.Errorf("got  %s at %s: %s (%v)\nwant %s at %s: %s", got.Kind, got.Step, got.Sentence, got.Cause, kind, step, sentence)
	}
}

func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func TestAnswersThatAreNone(t *testing.T) {
	text := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	connz := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/varz" {
				body := goodVarz
				_, _ = w.Write([]byte(body))
				return
			}
			_, _ = w.Write([]byte(body))
		}
	}
	redirect := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
	}
	const notJSON = "Its answer is not the JSON of a NATS server."
	for name, c := range map[string]struct {
		handler  http.HandlerFunc
		kind     source.Kind
		step     source.Step
		sentence string
	}{
		"401":      {text(401, "text/html", secret), source.KindAuth, source.StepIdentity, "It asks for a login (HTTP 401)."},
		"403":      {text(403, "text/plain", secret), source.KindPermission, source.StepIdentity, "It refuses access with these credentials (HTTP 403)."},
		"404":      {text(404, "text/plain", ""), source.KindConfiguration, source.StepIdentity, "It has no monitoring under this URL (HTTP 404)."},
		"407":      {text(407, "text/plain", ""), source.KindAuth, source.StepIdentity, "The HTTP proxy on the way to it asks for a login (HTTP 407)."},
		"500":      {text(500, "text/plain", secret), source.KindProtocol, source.StepIdentity, "It answered with HTTP 500."},
		"503":      {text(503, "text/plain", secret), source.KindNetwork, source.StepIdentity, "What stands in front of it could not reach it (HTTP 503)."},
		"to login": {redirect("https://sso.example.com/login?token=" + secret), source.KindAuth, source.StepIdentity, "It redirects elsewhere, probably to a login page."},
		"to https": {redirect("https://u:" + secret + "@n1.example.com/varz?x=" + secret), source.KindConfiguration, source.StepIdentity, "It redirects to https://n1.example.com."},
		"web page": {text(200, "text/html; charset=utf-8", "<html>"), source.KindConfiguration, source.StepIdentity, "It answers with a web page instead of monitoring data."},
		"not NATS": {text(200, "application/json", `{"status":"ok"}`), source.KindConfiguration, source.StepIdentity, "It answers, but not as a NATS server."},
		"no JSON":  {text(200, "text/plain", secret), source.KindProtocol, source.StepIdentity, notJSON},
		"empty":    {text(200, "application/json", ""), source.KindProtocol, source.StepIdentity, notJSON},
		"cut list": {connz(`{"server_id":"NA","connections":[{"cid":1,"na`), source.KindProtocol, source.StepClosed, notJSON},
		"no list":  {connz(`{"server_id":"NA"}`), source.KindProtocol, source.StepClosed, notJSON},
		"odd list": {connz(`{"server_id":"NA","connections":[{"cid":"1"}]}`), source.KindProtocol, source.StepClosed, notJSON},
		"several servers behind one address": {connz(`{"server_id":"NB","connections":[]}`), source.KindConfiguration, source.StepClosed,
			"Its server changed while it was read, twice in a row."},
	} {
		t.Run(name, func(t *testing.T) {
			check(t, readError(t, httpclient.Options{}, serve(t, c.handler)), c.kind, c.step, c.sentence)
		})
	}
}

func TestServerThatChangesOnceIsReadAgain(t *testing.T) {
	reads := 0
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/varz" {
			_, _ = w.Write([]byte(goodVarz))
			return
		}
		if reads++; reads == 1 {
			_, _ = w.Write([]byte(`{"server_id":"FORMER","connections":[{"cid":7}]}`))
			return
		}
		_, _ = w.Write([]byte(`{"server_id":"NA","connections":[{"cid":1,"stop":"2026-11-22T12:00:01Z"}]}`))
	})
	r := readOne(t, newSource(t, []string{url}), source.Request{Closed: true})
	if len(r.Closed) != 1 || r.Closed[0].CID != 1 || len(r.Asked) != 4 {
		t.Errorf("got %+v", r)
	}
}

func TestServerThatDiesWhileItAnswers(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/varz" {
			_, _ = w.Write([]byte(goodVarz))
			return
		}
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write([]byte(`{"server_id":"NA","connections":[`))
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	})
	check(t, readError(t, httpclient.Options{}, url), source.KindNetwork, source.StepClosed,
		"The connection broke off before the answer was complete.")
}

// TestLargeAnswerIsRefused, once it cannot be asked for in smaller pages.
func TestLargeAnswerIsRefused(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/varz" {
			_, _ = w.Write([]byte(goodVarz))
			return
		}
		_, _ = w.Write([]byte(`{"server_id":"NA","connections":[{"cid":1,"name":"` + strings.Repeat("x", 4000) + `"}]}`))
	})
	check(t, readError(t, httpclient.Options{}, url, httpmonitor.WithMaxBody(3000)), source.KindProtocol, source.StepClosed,
		"Its answer is larger than this data source accepts.")
}

func TestUnreachable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refusing := "http://" + listener.Addr().String()
	_ = listener.Close()
	server := testnats.Start(t, nil)
	plain := serve(t, func(http.ResponseWriter, *http.Request) {})
	const clientPort = "This is the port for NATS clients, not the monitoring port."
	for name, c := range map[string]struct {
		url      string
		kind     source.Kind
		sentence string
	}{
		"refused":              {refusing, source.KindNetwork, "It refused the connection."},
		"unknown host":         {"http://nats.invalid:8222", source.KindNetwork, "Its host name could not be resolved."},
		"client port by https": {"https://" + server.Addr, source.KindConfiguration, clientPort},
		"https to http":        {strings.Replace(plain, "http:", "https:", 1), source.KindTLS, "It speaks HTTP, but the URL says https."},
	} {
		t.Run(name, func(t *testing.T) {
			check(t, readError(t, httpclient.Options{}, c.url), c.kind, source.StepIdentity, c.sentence)
		})
	}
}

// TestClientPort: the greeting of a client port may come before the request is
// sent, and then net/http throws it away unread.
func TestClientPort(t *testing.T) {
	got := readError(t, httpclient.Options{}, "http://"+testnats.Start(t, nil).Addr)
	if got.Kind != source.KindConfiguration || !strings.Contains(got.Hint, "8222") {
		t.Errorf("got %+v (%v)", got, got.Cause)
	}
}

func TestTLS(t *testing.T) {
	quiet := func(server *httptest.Server) *httptest.Server {
		server.Config.ErrorLog = discard
		return server
	}
	server := quiet(httptest.NewUnstartedServer(http.NotFoundHandler()))
	server.StartTLS()
	defer server.Close()
	strict := quiet(httptest.NewUnstartedServer(http.NotFoundHandler()))
	strict.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	strict.StartTLS()
	defer strict.Close()
	ca := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	trusting := httpclient.Options{TLS: &httpclient.TLSOptions{CACertificate: ca}}
	named := httpclient.Options{TLS: &httpclient.TLSOptions{CACertificate: ca, ServerName: "example.com"}}
	local := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	for name, c := range map[string]struct {
		opts     httpclient.Options
		url      string
		kind     source.Kind
		sentence string
	}{
		"unknown authority":    {httpclient.Options{}, server.URL, source.KindTLS, "Its certificate is signed by an authority that is not trusted here."},
		"other host name":      {trusting, local, source.KindTLS, "Its certificate is for another host name."},
		"name given":           {named, local, source.KindConfiguration, "It has no monitoring under this URL (HTTP 404)."},
		"client certificate":   {trusting, strict.URL, source.KindTLS, "It asks for a client certificate that it trusts."},
		"http to an https one": {httpclient.Options{}, strings.Replace(server.URL, "https:", "http:", 1), source.KindTLS, "It speaks HTTPS, but the URL says http."},
	} {
		t.Run(name, func(t *testing.T) {
			check(t, readError(t, c.opts, c.url), c.kind, source.StepIdentity, c.sentence)
		})
	}
}

func TestTimeoutAndCancel(t *testing.T) {
	asked := make(chan struct{}, 2)
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-r.Context().Done()
	})
	opts := httpclient.Options{Timeouts: &httpclient.TimeoutOptions{Timeout: 50 * time.Millisecond}}
	check(t, readError(t, opts, url), source.KindTimeout, source.StepIdentity, "It did not answer in time.")
	<-asked

	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	r := newSource(t, []string{url}).Read(ctx, source.Request{Closed: true})[0]
	if !source.Canceled(r.Err) || !errors.Is(r.Err, context.Canceled) {
		t.Errorf("got %v", r.Err)
	}
}

// TestHeadersStayWithTheServer: a redirect must not carry credentials away.
func TestHeadersStayWithTheServer(t *testing.T) {
	var leaked []string
	elsewhere := serve(t, func(_ http.ResponseWriter, r *http.Request) { leaked = append(leaked, r.Header.Get("X-Token")) })
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Token") != secret {
			t.Error("the header was not sent")
		}
		http.Redirect(w, r, elsewhere+"/varz", http.StatusTemporaryRedirect)
	})
	opts := httpclient.Options{Header: http.Header{"X-Token": {secret}}}
	readError(t, opts, url)
	if len(leaked) > 0 {
		t.Errorf("the redirect was followed with %q", leaked)
	}
}

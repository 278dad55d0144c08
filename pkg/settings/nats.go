package settings

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
)

// Secret is a text that must not be shown, not even by mistake.
type Secret string

// String hides the secret from logs and messages.
func (Secret) String() string { return "(secret)" }

// GoString hides the secret from logs and messages.
func (s Secret) GoString() string { return s.String() }

// NATS is how to reach the servers as a client; without servers, not at all.
type NATS struct {
	// Servers are the URLs for clients, each once.
	Servers []string
	// Scope: the system account sees all accounts, any other sees itself.
	Scope Scope
	Auth  Auth
	User  string
	// Login is the password, token, seed or content of credentials, as Auth says.
	Login Secret
	// TLS is set if any of its settings is.
	TLS *NATSTLS
	// TLSHandshakeFirst: begin with the handshake.
	TLSHandshakeFirst bool
	// InboxPrefix is where answers go, if not to what the library chooses.
	InboxPrefix string
	// IgnoreDiscovered: connect to Servers alone, not to what they advertise.
	IgnoreDiscovered bool
}

// NATSTLS is what certificates are checked by, and what is shown for us.
type NATSTLS struct {
	CACert, ClientCert string
	ClientKey          Secret
	ServerName         string
	SkipVerify         bool
}

// secrets are the secure keys of each way to log in.
var secrets = map[Auth]string{
	AuthNone: "", AuthUser: "natsPassword", AuthToken: "natsToken", AuthNKey: "natsSeed", AuthCredentials: "natsCredentials",
}

// nats reads the settings of the connection to NATS.
func (f jsonFields) nats(secure map[string]string) (NATS, error) {
	n := NATS{Auth: AuthNone, Scope: ScopeSystem}
	auth, scope, tls := string(n.Auth), string(n.Scope), NATSTLS{}
	for _, field := range []struct {
		name string
		into any
	}{
		{"nats.servers", &n.Servers}, {"nats.scope", &scope}, {"nats.auth", &auth}, {"nats.user", &n.User},
		{"nats.inboxPrefix", &n.InboxPrefix}, {"nats.ignoreDiscovered", &n.IgnoreDiscovered},
		{"nats.tlsServerName", &tls.ServerName}, {"nats.tlsSkipVerify", &tls.SkipVerify},
		{"nats.tlsHandshakeFirst", &n.TLSHandshakeFirst},
	} {
		if err := f.decode(field.name, field.into); err != nil {
			return NATS{}, err
		}
	}
	n.Auth, n.Scope = Auth(auth), Scope(scope)
	var err error
	if n.Servers, err = natsServers(n.Servers); err != nil || len(n.Servers) == 0 {
		return NATS{}, err
	}
	if n.Scope != ScopeSystem && n.Scope != ScopeAccount {
		return NATS{}, fmt.Errorf("nats.scope must be %q or %q, not %q", ScopeSystem, ScopeAccount, n.Scope)
	}
	if n.InboxPrefix != "" && !subject.MatchString(n.InboxPrefix) {
		return NATS{}, fmt.Errorf("%s must be a subject without wildcards, such as _INBOX_grafana, not %q", called("nats.inboxPrefix"), n.InboxPrefix)
	}
	if n.Login, err = n.login(secure); err != nil {
		return NATS{}, err
	}
	n.TLS, err = tls.with(secure)
	return n, err
}

// subject is one in which nothing stands for others.
var subject = regexp.MustCompile(`^[^\s.*>]+(\.[^\s.*>]+)*$`)

func (n NATS) login(secure map[string]string) (Secret, error) {
	key, known := secrets[n.Auth]
	switch {
	case !known:
		return "", fmt.Errorf("nats.auth must be credentials, nkey, user, token or none, not %q", n.Auth)
	case n.Auth == AuthUser && n.User == "":
		return "", fmt.Errorf("%s is missing; give its name, or log in another way (nats.auth)", called("nats.user"))
	case key != "" && strings.TrimSpace(secure[key]) == "":
		return "", fmt.Errorf("%s is missing; give it, or log in another way than by %s (nats.auth)", called(key), n.Auth)
	}
	return Secret(secure[key]), nil
}

func (t NATSTLS) with(secure map[string]string) (*NATSTLS, error) {
	t.CACert, t.ClientCert, t.ClientKey = secure["natsTlsCaCert"], secure["natsTlsClientCert"], Secret(secure["natsTlsClientKey"])
	if (t.ClientCert == "") != (t.ClientKey == "") {
		return nil, fmt.Errorf("%s and %s belong together; give both or neither", called("natsTlsClientCert"), called("natsTlsClientKey"))
	}
	if err := checkAuthority(secure, "natsTlsCaCert"); err != nil {
		return nil, err
	}
	if err := checkPair(secure, "natsTlsClientCert", "natsTlsClientKey"); err != nil {
		return nil, err
	}
	if t == (NATSTLS{}) {
		return nil, nil
	}
	return &t, nil
}

func natsServers(given []string) ([]string, error) {
	var kept []string
	for i, raw := range given {
		server, err := natsServer(calledAt("nats.servers", i), raw)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(kept, server) {
			kept = append(kept, server)
		}
	}
	for i, server := range kept {
		if isWeb(server) != isWeb(kept[0]) {
			return nil, fmt.Errorf("%s is of another kind than those before; use ws:// and wss:// for all or for none", calledAt("nats.servers", i))
		}
	}
	return kept, nil
}

func isWeb(server string) bool { return strings.HasPrefix(server, "ws") }

// natsServer never repeats raw in an error: it may hold a password.
func natsServer(field, raw string) (string, error) {
	if !strings.Contains(raw, "://") {
		return "", fmt.Errorf("%s has no scheme; put nats:// or tls:// in front", field)
	}
	u, err := url.Parse(raw)
	if err != nil {
		return "", fmt.Errorf("%s is not a URL; write it like nats://nats-1:4222", field)
	}
	switch {
	case u.User != nil:
		return "", fmt.Errorf("%s holds a login; say below how to log in (nats.auth) instead", field)
	case u.Scheme == "http", u.Scheme == "https":
		return "", fmt.Errorf("%s is a monitoring URL; list it among those (urls), and here the URL for clients, like nats://nats-1:4222", field)
	case !slices.Contains([]string{"nats", "tls", "ws", "wss"}, u.Scheme):
		return "", fmt.Errorf("%s must begin with nats://, tls://, ws:// or wss://", field)
	case u.Hostname() == "":
		return "", fmt.Errorf("%s must be one host, like nats://nats-1:4222", field)
	case strings.Trim(u.Path, "/") != "" && !isWeb(u.Scheme) || u.RawQuery != "" || u.ForceQuery || strings.Contains(raw, "#"):
		return "", fmt.Errorf("%s must end with the port; remove what follows", field)
	}
	if port := u.Port(); port != "" {
		if number, err := strconv.Atoi(port); err != nil || number < 1 || number > 65535 {
			return "", fmt.Errorf("%s has a port that does not exist; use one from 1 to 65535, commonly 4222", field)
		}
	}
	return u.Scheme + "://" + strings.ToLower(u.Host) + strings.TrimRight(u.EscapedPath(), "/"), nil
}

// Options are the SDK's options for connecting to NATS: those of HTTP, with
// the TLS settings of NATS.
func (n NATS) Options(opts httpclient.Options) httpclient.Options {
	opts.TLS = nil
	if n.TLS != nil {
		opts.TLS = &httpclient.TLSOptions{
			CACertificate: n.TLS.CACert, ClientCertificate: n.TLS.ClientCert, ClientKey: string(n.TLS.ClientKey),
			ServerName: n.TLS.ServerName, InsecureSkipVerify: n.TLS.SkipVerify,
		}
	}
	return opts
}

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

// NATS is how to read the servers as a client; without servers, not at all.
type NATS struct {
	Client
	// Scope: the system account sees all accounts, any other sees itself.
	Scope Scope
}

// Client is how to reach NATS as a client, and who we are there.
type Client struct {
	// Servers are the URLs for clients, each once.
	Servers []string
	Auth    Auth
	User    string
	// Login is the password, token, seed or content of credentials, as Auth says.
	Login Secret
	// TLS is set if any of its settings is.
	TLS *ClientTLS
	// TLSHandshakeFirst: begin with the handshake.
	TLSHandshakeFirst bool
	// InboxPrefix is where answers go, if not to what the library chooses.
	InboxPrefix string
	// IgnoreDiscovered: connect to Servers alone, not to what they advertise.
	IgnoreDiscovered bool
}

// ClientTLS is what certificates are checked by, and what is shown for us.
type ClientTLS struct {
	CACert, ClientCert string
	ClientKey          Secret
	ServerName         string
	SkipVerify         bool
}

// secrets are the secure keys of each way to log in, behind the name of what
// the login is for.
var secrets = map[Auth]string{
	AuthNone: "", AuthUser: "Password", AuthToken: "Token", AuthNKey: "Seed", AuthCredentials: "Credentials",
}

// nats reads the settings of the connection that the servers are read over.
func (f jsonFields) nats(secure map[string]string) (NATS, error) {
	scope := string(ScopeSystem)
	if err := f.decode("nats.scope", &scope); err != nil {
		return NATS{}, err
	}
	client, err := f.client("nats", secure)
	if err != nil || len(client.Servers) == 0 {
		return NATS{}, err
	}
	n := NATS{client, Scope(scope)}
	if n.Scope != ScopeSystem && n.Scope != ScopeAccount {
		return NATS{}, fmt.Errorf("nats.scope must be %q or %q, not %q", ScopeSystem, ScopeAccount, n.Scope)
	}
	return n, nil
}

// client reads the settings of a connection to NATS: those inside of at, and
// the secrets whose names begin with it. Without servers there is none.
func (f jsonFields) client(at string, secure map[string]string) (Client, error) {
	c := Client{Auth: AuthNone}
	auth, tls := string(c.Auth), ClientTLS{}
	for _, field := range []struct {
		name string
		into any
	}{
		{"servers", &c.Servers}, {"auth", &auth}, {"user", &c.User},
		{"inboxPrefix", &c.InboxPrefix}, {"ignoreDiscovered", &c.IgnoreDiscovered},
		{"tlsServerName", &tls.ServerName}, {"tlsSkipVerify", &tls.SkipVerify},
		{"tlsHandshakeFirst", &c.TLSHandshakeFirst},
	} {
		if err := f.decode(at+"."+field.name, field.into); err != nil {
			return Client{}, err
		}
	}
	c.Auth = Auth(auth)
	var err error
	if c.Servers, err = natsServers(at, c.Servers); err != nil || len(c.Servers) == 0 {
		return Client{}, err
	}
	if c.InboxPrefix != "" && !subject.MatchString(c.InboxPrefix) {
		return Client{}, fmt.Errorf("%s must be a subject without wildcards, such as _INBOX_grafana, not %q", called(at+".inboxPrefix"), c.InboxPrefix)
	}
	if c.Login, err = c.login(at, secure); err != nil {
		return Client{}, err
	}
	c.TLS, err = tls.with(at, secure)
	return c, err
}

// subject is one in which nothing stands for others.
var subject = regexp.MustCompile(`^[^\s.*>]+(\.[^\s.*>]+)*$`)

func (c Client) login(at string, secure map[string]string) (Secret, error) {
	key, known := secrets[c.Auth]
	switch {
	case !known:
		return "", fmt.Errorf("%s.auth must be credentials, nkey, user, token or none, not %q", at, c.Auth)
	case c.Auth == AuthUser && c.User == "":
		return "", fmt.Errorf("%s is missing; give its name, or log in another way (%s.auth)", called(at+".user"), at)
	case key == "":
		return "", nil
	case strings.TrimSpace(secure[at+key]) == "":
		return "", fmt.Errorf("%s is missing; give it, or log in another way than by %s (%s.auth)", called(at+key), c.Auth, at)
	}
	return Secret(secure[at+key]), nil
}

func (t ClientTLS) with(at string, secure map[string]string) (*ClientTLS, error) {
	authority, cert, key := at+"TlsCaCert", at+"TlsClientCert", at+"TlsClientKey"
	t.CACert, t.ClientCert, t.ClientKey = secure[authority], secure[cert], Secret(secure[key])
	if (t.ClientCert == "") != (t.ClientKey == "") {
		return nil, fmt.Errorf("%s and %s belong together; give both or neither", called(cert), called(key))
	}
	if err := checkAuthority(secure, authority); err != nil {
		return nil, err
	}
	if err := checkPair(secure, cert, key); err != nil {
		return nil, err
	}
	if t == (ClientTLS{}) {
		return nil, nil
	}
	return &t, nil
}

func natsServers(at string, given []string) ([]string, error) {
	var kept []string
	for i, raw := range given {
		server, err := natsServer(at, i, raw)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(kept, server) {
			kept = append(kept, server)
		}
	}
	for i, server := range kept {
		if isWeb(server) != isWeb(kept[0]) {
			return nil, fmt.Errorf("%s is of another kind than those before; use ws:// and wss:// for all or for none", calledAt(at+".servers", i))
		}
	}
	return kept, nil
}

func isWeb(server string) bool { return strings.HasPrefix(server, "ws") }

// natsServer never repeats raw in an error: it may hold a password.
func natsServer(at string, i int, raw string) (string, error) {
	field := calledAt(at+".servers", i)
	if !strings.Contains(raw, "://") {
		return "", fmt.Errorf("%s has no scheme; put nats:// or tls:// in front", field)
	}
	u, err := url.Parse(raw)
	if err != nil {
		return "", fmt.Errorf("%s is not a URL; write it like nats://nats-1:4222", field)
	}
	switch {
	case u.User != nil:
		return "", fmt.Errorf("%s holds a login; say below how to log in (%s.auth) instead", field, at)
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
func (c Client) Options(opts httpclient.Options) httpclient.Options {
	opts.TLS = nil
	if c.TLS != nil {
		opts.TLS = &httpclient.TLSOptions{
			CACertificate: c.TLS.CACert, ClientCertificate: c.TLS.ClientCert, ClientKey: string(c.TLS.ClientKey),
			ServerName: c.TLS.ServerName, InsecureSkipVerify: c.TLS.SkipVerify,
		}
	}
	return opts
}

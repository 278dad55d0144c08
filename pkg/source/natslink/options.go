package natslink

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"
)

// Config is where NATS is, and who we are there. At most one of Credentials,
// Seed, Token and User is given.
type Config struct {
	// Settings is what the settings call the connection, "nats" if empty: errors
	// name secrets by it.
	Settings string
	// Servers are URLs for clients. One is enough to reach them all.
	Servers []string
	// Credentials are the content of a credentials file: a user's JWT and seed.
	Credentials string
	// Seed is a user's NKey.
	Seed           string
	Token          string
	User, Password string
	// Account: the login is of an ordinary account, and sees that one alone.
	Account bool
	// TLS: encrypt, even where the server leaves the choice.
	TLS bool
	// TLSFirst begins with the handshake, before the server says anything.
	TLSFirst bool
	// InboxPrefix is where answers go, if not to what the library chooses.
	InboxPrefix string
	// IgnoreDiscovered: connect to Servers alone, not to what they advertise.
	IgnoreDiscovered bool
}

// clientName is what servers call us.
const clientName = "grafana-nats-connections"

const (
	pingEvery    = 20 * time.Second
	pingsMissed  = 2
	drainTimeout = time.Second
)

// natsOptions are the library's options, login and TLS included.
func natsOptions(opts httpclient.Options, cfg Config, timeout time.Duration) ([]nats.Option, error) {
	login, err := cfg.login()
	if err != nil {
		return nil, err
	}
	options := []nats.Option{
		nats.Name(clientName), nats.Timeout(timeout), login, nats.NoEcho(),
		nats.MaxReconnects(-1), nats.DontRandomize(),
		// What is refused is ours to decide, see [denial].
		nats.IgnoreAuthErrorAbort(),
		// What cannot be asked now is asked by the next read, not later.
		nats.ReconnectBufSize(-1),
		nats.PingInterval(pingEvery), nats.MaxPingsOutstanding(pingsMissed),
		nats.DrainTimeout(drainTimeout),
		// The end of a connection that we end says nothing of the next.
		nats.NoCallbacksAfterClientClose(),
	}
	if cfg.TLS {
		config, err := httpclient.GetTLSConfig(opts)
		if err != nil {
			return nil, fmt.Errorf("the TLS settings for NATS cannot be used: %w", err)
		}
		options = append(options, nats.Secure(config))
	}
	if cfg.InboxPrefix != "" {
		options = append(options, nats.CustomInboxPrefix(cfg.InboxPrefix))
	}
	if cfg.IgnoreDiscovered {
		options = append(options, nats.IgnoreDiscoveredServers())
	}
	if cfg.TLSFirst {
		options = append(options, nats.TLSHandshakeFirst())
	}
	return options, nil
}

// login never puts a secret into an error.
func (c Config) login() (nats.Option, error) {
	switch {
	case c.Credentials != "":
		content := []byte(c.Credentials)
		if _, err := nkeys.ParseDecoratedJWT(content); err != nil {
			return nil, c.notCredentials()
		}
		if _, err := nkeys.ParseDecoratedUserNKey(content); err != nil {
			return nil, c.notCredentials()
		}
		return nats.UserCredentialBytes(content), nil
	case c.Seed != "":
		return c.seedLogin(strings.TrimSpace(c.Seed))
	case c.Token != "":
		return nats.Token(c.Token), nil
	case c.User != "":
		return nats.UserInfo(c.User, c.Password), nil
	}
	return func(*nats.Options) error { return nil }, nil
}

func (c Config) seedLogin(seed string) (nats.Option, error) {
	pair, err := nkeys.FromSeed([]byte(seed))
	if err != nil {
		return nil, c.notSeed()
	}
	public, err := pair.PublicKey()
	if err != nil || !nkeys.IsValidPublicUserKey(public) {
		return nil, c.notSeed()
	}
	return nats.Nkey(public, pair.Sign), nil
}

func (c Config) notCredentials() error {
	return fmt.Errorf("%sCredentials is not the content of a credentials file: "+
		"paste it whole, with the lines around the JWT and the seed", c.settings())
}

func (c Config) notSeed() error {
	return fmt.Errorf("%sSeed is not the seed of a user's NKey: it begins with SU", c.settings())
}

func (c Config) settings() string { return cmp.Or(c.Settings, "nats") }

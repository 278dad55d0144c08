package plugin

import (
	"context"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/pkg/beyond"
	"github.com/natsops/nats-connections-datasource/pkg/history"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/settings"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/httpmonitor"
	"github.com/natsops/nats-connections-datasource/pkg/source/merge"
	"github.com/natsops/nats-connections-datasource/pkg/source/natslink"
	"github.com/natsops/nats-connections-datasource/pkg/source/natsrequest"
	"github.com/natsops/nats-connections-datasource/pkg/telemetry"
)

// way is one way to the servers, and what people call it.
type way struct {
	name   string
	kind   string
	source source.Source
}

// wayKind is how servers are reached that a setting names.
type wayKind struct {
	kind string
	// servers are the addresses that the setting has; without any, there is no such way.
	servers func(settings.Settings) []string
	name    func(settings.Settings) string
	open    func(context.Context, httpclient.Options, settings.Settings) (source.Source, error)
	// login is all that decides whose records servers show.
	login func(httpclient.Options, settings.Settings) []any
}

var wayKinds = []wayKind{
	{
		kind: telemetry.HTTP,
		servers: func(s settings.Settings) []string {
			if s.ResolveAll && len(s.URLs) > 0 {
				return append([]string{everyAddress}, s.URLs...)
			}
			return s.URLs
		},
		name: func(settings.Settings) string { return "HTTP monitoring" },
		open: func(_ context.Context, options httpclient.Options, s settings.Settings) (source.Source, error) {
			var how []httpmonitor.Option
			if s.ResolveAll {
				how = append(how, httpmonitor.WithAllAddresses())
			}
			return httpmonitor.New(options, s.URLs, how...)
		},
		login: func(options httpclient.Options, _ settings.Settings) []any {
			return []any{options.BasicAuth, options.Header, certificate(options.TLS), options.SigV4}
		},
	},
	{
		kind:    telemetry.NATS,
		servers: func(s settings.Settings) []string { return s.NATS.Servers },
		name:    func(s settings.Settings) string { return "NATS " + string(s.NATS.Scope) + " account" },
		open: func(ctx context.Context, options httpclient.Options, s settings.Settings) (source.Source, error) {
			return natsrequest.New(ctx, s.NATS.Options(options), systemConfig(s.NATS))
		},
		login: func(options httpclient.Options, s settings.Settings) []any {
			return append([]any{s.NATS.Scope}, loginOf(s.NATS.Client, options)...)
		},
	},
}

// everyAddress stands among the servers for all that a name resolves to.
const everyAddress = "*"

// certificate is the part of TLS settings that says who we are.
func certificate(tls *httpclient.TLSOptions) [2]string {
	if tls == nil {
		return [2]string{}
	}
	return [2]string{tls.ClientCertificate, tls.ClientKey}
}

// loginOf is who we are to NATS.
func loginOf(c settings.Client, options httpclient.Options) []any {
	return []any{c.Auth, c.User, c.Login, certificate(c.Options(options).TLS)}
}

// newWays makes the ways that the settings ask for.
func newWays(ctx context.Context, options httpclient.Options, s settings.Settings) ([]way, error) {
	var ways []way
	for _, k := range wayKinds {
		if len(k.servers(s)) == 0 {
			continue
		}
		from, err := k.open(ctx, options, s)
		if err != nil {
			closeAll(ways)
			return nil, err
		}
		ways = append(ways, way{k.name(s), k.kind, from})
	}
	return ways, nil
}

func closeAll(ways []way) {
	for _, w := range ways {
		w.source.Close()
	}
}

// nowhere is the source of a data source without servers, which is never asked.
type nowhere struct{}

func (nowhere) Read(context.Context, source.Request) []model.Reading { return nil }
func (nowhere) Forget(string)                                        {}
func (nowhere) Rest()                                                {}
func (nowhere) Close()                                               {}

// newSource reads along all ways, and measures each.
func newSource(ways []way, m *telemetry.Instance) source.Source {
	measured := func(w way) source.Source { return m.Measure(w.kind, w.source) }
	switch len(ways) {
	case 0:
		return nowhere{}
	case 1:
		return measured(ways[0])
	}
	all := make([]source.Source, len(ways))
	for i, w := range ways {
		all[i] = measured(w)
	}
	return merge.New(all...)
}

// newHistory is the history that the settings ask for; nil if they ask for none.
func newHistory(ctx context.Context, options httpclient.Options, s settings.Settings, of *ledger.Ledger) (*history.History, error) {
	if len(s.History.Servers) == 0 {
		return nil, nil
	}
	return history.Open(ctx, s.History.Options(options), historyConfig(s), of)
}

// beyondMemory is what the history has that the ledger has no more; nil without one.
func beyondMemory(of *history.History) *beyond.Past {
	if of == nil {
		return nil
	}
	return beyond.New(of)
}

func systemConfig(n settings.NATS) natslink.Config {
	cfg := clientConfig("nats", n.Client)
	cfg.Account = n.Scope == settings.ScopeAccount
	return cfg
}

// clientConfig is what the settings of that name say of a connection.
func clientConfig(of string, c settings.Client) natslink.Config {
	cfg := natslink.Config{
		Settings: of, Servers: c.Servers, TLS: c.TLS != nil, TLSFirst: c.TLSHandshakeFirst, InboxPrefix: c.InboxPrefix, IgnoreDiscovered: c.IgnoreDiscovered,
	}
	login := string(c.Login)
	switch c.Auth {
	case settings.AuthCredentials:
		cfg.Credentials = login
	case settings.AuthNKey:
		cfg.Seed = login
	case settings.AuthToken:
		cfg.Token = login
	case settings.AuthUser:
		cfg.User, cfg.Password = c.User, login
	case settings.AuthNone:
	}
	return cfg
}

// historyConfig is which stream the settings name, and how it is used.
func historyConfig(s settings.Settings) history.Config {
	h := s.History
	return history.Config{
		NATS: clientConfig("history", h.Client), Stream: h.Stream, Prefix: h.Prefix, Captured: h.Captured,
		Account: s.NATS.Scope == settings.ScopeAccount, Write: h.Write, Create: h.Create, Private: h.Private,
		Nameless: s.Private, Age: s.Keep.Age,
	}
}

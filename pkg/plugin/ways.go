package plugin

import (
	"context"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

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

// newWays makes the ways that the settings ask for: HTTP, NATS, or both.
func newWays(ctx context.Context, options httpclient.Options, s settings.Settings) ([]way, error) {
	var ways []way
	if len(s.URLs) > 0 {
		var how []httpmonitor.Option
		if s.ResolveAll {
			how = append(how, httpmonitor.WithAllAddresses())
		}
		overHTTP, err := httpmonitor.New(options, s.URLs, how...)
		if err != nil {
			return nil, err
		}
		ways = append(ways, way{"HTTP monitoring", telemetry.HTTP, overHTTP})
	}
	if len(s.NATS.Servers) > 0 {
		overNATS, err := natsrequest.New(ctx, s.NATS.Options(options), systemConfig(s.NATS))
		if err != nil {
			closeAll(ways)
			return nil, err
		}
		ways = append(ways, way{"NATS " + string(s.NATS.Scope) + " account", telemetry.NATS, overNATS})
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

func systemConfig(n settings.NATS) natslink.Config {
	cfg := natslink.Config{
		Servers: n.Servers, Account: n.Scope == settings.ScopeAccount, TLS: n.TLS != nil, TLSFirst: n.TLSHandshakeFirst,
		InboxPrefix: n.InboxPrefix, IgnoreDiscovered: n.IgnoreDiscovered,
	}
	login := string(n.Login)
	switch n.Auth {
	case settings.AuthCredentials:
		cfg.Credentials = login
	case settings.AuthNKey:
		cfg.Seed = login
	case settings.AuthToken:
		cfg.Token = login
	case settings.AuthUser:
		cfg.User, cfg.Password = n.User, login
	case settings.AuthNone:
	}
	return cfg
}

package plugin

import (
	"context"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/pkg/settings"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/both"
	"github.com/natsops/nats-connections-datasource/pkg/source/monitor"
	"github.com/natsops/nats-connections-datasource/pkg/source/system"
)

// newSource makes the source that the settings ask for: HTTP, NATS, or both.
func newSource(ctx context.Context, options httpclient.Options, s settings.Settings) (source.Source, error) {
	if len(s.NATS.Servers) == 0 {
		return monitor.New(options, s.URLs)
	}
	overNATS, err := system.New(ctx, s.NATS.Options(options), systemConfig(s.NATS))
	if err != nil || len(s.URLs) == 0 {
		return overNATS, err
	}
	overHTTP, err := monitor.New(options, s.URLs)
	if err != nil {
		overNATS.Close()
		return nil, err
	}
	return both.New(overHTTP, overNATS), nil
}

func systemConfig(n settings.NATS) system.Config {
	cfg := system.Config{Servers: n.Servers, TLS: n.TLS != nil, TLSFirst: n.TLSHandshakeFirst}
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

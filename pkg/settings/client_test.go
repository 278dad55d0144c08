package settings_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/pkg/settings"
)

// parseNATS parses settings with all secrets that there are, save for without.
func parseNATS(jsonData string, without ...string) (settings.Settings, error) {
	secure := map[string]string{
		"natsPassword": "s3cret-password", "natsToken": "s3cret-token", "natsSeed": "s3cret-seed", "natsCredentials": "s3cret-creds",
	}
	for _, key := range without {
		delete(secure, key)
	}
	return settings.Parse(backend.DataSourceInstanceSettings{JSONData: []byte(jsonData), DecryptedSecureJSONData: secure})
}

func TestAcceptsNATS(t *testing.T) {
	one := []string{"nats://n1:4222"}
	for name, c := range map[string]struct {
		json string
		want settings.NATS
	}{
		"nothing":               {`{}`, settings.NATS{}},
		"null":                  {`{"nats":null}`, settings.NATS{}},
		"no server yet":         {`{"nats":{"servers":["", " "],"auth":"user"}}`, settings.NATS{}},
		"an account":            {`{"nats":{"servers":["nats://n1:4222"],"scope":"account"}}`, settings.NATS{Scope: "account", Client: settings.Client{Servers: one, Auth: "none"}}},
		"no login":              {`{"nats":{"servers":["nats://n1:4222"]}}`, settings.NATS{Scope: "system", Client: settings.Client{Servers: one, Auth: "none"}}},
		"user":                  {`{"nats":{"servers":["nats://n1:4222"],"auth":"user","user":"u"}}`, settings.NATS{Scope: "system", Client: settings.Client{Servers: one, Auth: "user", User: "u", Login: "s3cret-password"}}},
		"token":                 {`{"nats":{"servers":["nats://n1:4222"],"auth":"token"}}`, settings.NATS{Scope: "system", Client: settings.Client{Servers: one, Auth: "token", Login: "s3cret-token"}}},
		"nkey":                  {`{"nats":{"servers":["nats://n1:4222"],"auth":"nkey"}}`, settings.NATS{Scope: "system", Client: settings.Client{Servers: one, Auth: "nkey", Login: "s3cret-seed"}}},
		"credentials":           {`{"nats":{"servers":["nats://n1:4222"],"auth":"credentials"}}`, settings.NATS{Scope: "system", Client: settings.Client{Servers: one, Auth: "credentials", Login: "s3cret-creds"}}},
		"duplicates and spaces": {`{"nats":{"servers":[" NATS://N1:4222/ ","nats://n1:4222","tls://n2"]}}`, settings.NATS{Scope: "system", Client: settings.Client{Servers: []string{"nats://n1:4222", "tls://n2"}, Auth: "none"}}},
		"one text":              {`{"nats":{"servers":"nats://n1:4222, tls://n2"}}`, settings.NATS{Scope: "system", Client: settings.Client{Servers: []string{"nats://n1:4222", "tls://n2"}, Auth: "none"}}},
		"every text empty": {
			`{"nats":{"servers":["nats://n1:4222"],"scope":"","auth":"","user":"","inboxPrefix":"","ignoreDiscovered":"","tlsServerName":"","tlsSkipVerify":"","tlsHandshakeFirst":""}}`,
			settings.NATS{Scope: "system", Client: settings.Client{Servers: one, Auth: "none"}},
		},
		"a user of digits, with a line break": {`{"nats":{"servers":["nats://n1:4222"],"auth":" user ","user":"007\r\n"}}`, settings.NATS{Scope: "system", Client: settings.Client{Servers: one, Auth: "user", User: "007", Login: "s3cret-password"}}},
		"a user that is a number":             {`{"nats":{"servers":["nats://n1:4222"],"auth":"user","user":42}}`, settings.NATS{Scope: "system", Client: settings.Client{Servers: one, Auth: "user", User: "42", Login: "s3cret-password"}}},
		"web":                                 {`{"nats":{"servers":["wss://NATS.example.com/nats/","ws://n2:8080"]}}`, settings.NATS{Scope: "system", Client: settings.Client{Servers: []string{"wss://nats.example.com/nats", "ws://n2:8080"}, Auth: "none"}}},
		"inbox":                               {`{"nats":{"servers":["nats://n1:4222"],"inboxPrefix":"_INBOX_grafana.x"}}`, settings.NATS{Scope: "system", Client: settings.Client{Servers: one, Auth: "none", InboxPrefix: "_INBOX_grafana.x"}}},
		"no discovery":                        {`{"nats":{"servers":["nats://n1:4222"],"ignoreDiscovered":true}}`, settings.NATS{Scope: "system", Client: settings.Client{Servers: one, Auth: "none", IgnoreDiscovered: true}}},
		"TLS": {
			`{"nats":{"servers":["tls://n1"],"tlsServerName":"x","tlsSkipVerify":true,"tlsHandshakeFirst":true}}`,
			settings.NATS{Scope: "system", Client: settings.Client{
				Servers: []string{"tls://n1"}, Auth: "none", TLSHandshakeFirst: true,
				TLS: &settings.ClientTLS{ServerName: "x", SkipVerify: true},
			}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseNATS(c.json)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got.NATS, c.want) {
				t.Errorf("got %+v, want %+v", got.NATS, c.want)
			}
			if usable := got.Usable() == nil; usable != (len(c.want.Servers) > 0) {
				t.Errorf("usable: %v", usable)
			}
			if shown := fmt.Sprintf("%v %+v %#v", got, got, got); strings.Contains(shown, "s3cret") {
				t.Errorf("a secret is shown: %s", shown)
			}
		})
	}
}

func TestRefusesNATS(t *testing.T) {
	server := func(url string) string { return `{"nats":{"servers":["nats://n1","` + url + `"]}}` }
	for name, c := range map[string]struct{ json, want string }{
		"no object":       {`{"nats":[]}`, "nats must be an object"},
		"servers as flag": {`{"nats":{"servers":[{}]}}`, "nats.servers must be a list of texts"},
		"scope as number": {`{"nats":{"servers":["nats://n1"],"scope":1}}`, `nats.scope must be "system" or "account", not "1"`},
		"web and not":     {server("wss://n2"), "the second NATS server (nats.servers[1]) is of another kind than those before; use ws:// and wss:// for all or for none"},
		"inbox wildcard":  {`{"nats":{"servers":["nats://n1"],"inboxPrefix":"_INBOX_x.>"}}`, `the inbox prefix (nats.inboxPrefix) must be a subject without wildcards, such as _INBOX_grafana, not "_INBOX_x.>"`},
		"other scope":     {`{"nats":{"servers":["nats://n1"],"scope":"tenant"}}`, `nats.scope must be "system" or "account", not "tenant"`},
		"account and all": {`{"urls":["http://n1"],"nats":{"servers":["nats://n1"],"scope":"account"}}`, "monitoring URLs (urls) show the connections of all accounts, which a NATS account (nats.scope account) must not see: remove them, or choose the system account (nats.scope system)"},
		"no scheme":       {server("n2:4222"), "the second NATS server (nats.servers[1]) has no scheme; put nats:// or tls:// in front"},
		"no URL":          {server("nats://n1:port"), "the second NATS server (nats.servers[1]) is not a URL; write it like nats://nats-1:4222"},
		"login":           {server("nats://s3cret@n1"), "the second NATS server (nats.servers[1]) holds a login; say below how to log in (nats.auth) instead"},
		"monitoring":      {server("http://n1:8222"), "the second NATS server (nats.servers[1]) is a monitoring URL; list it among those (urls), and here the URL for clients, like nats://nats-1:4222"},
		"other scheme":    {server("ftp://n1"), "the second NATS server (nats.servers[1]) must begin with nats://, tls://, ws:// or wss://"},
		"no host":         {server("nats://:4222"), "the second NATS server (nats.servers[1]) must be one host, like nats://nats-1:4222"},
		"two hosts":       {server("nats://n1,n2"), "the third NATS server (nats.servers[2]) has no scheme; put nats:// or tls:// in front"},
		"path":            {server("nats://n1/x"), "the second NATS server (nats.servers[1]) must end with the port; remove what follows"},
		"port":            {server("nats://n1:99999"), "the second NATS server (nats.servers[1]) has a port that does not exist; use one from 1 to 65535, commonly 4222"},
		"way to log in":   {`{"nats":{"servers":["nats://n1"],"auth":"magic"}}`, `nats.auth must be credentials, nkey, user, token or none, not "magic"`},
		"no user":         {`{"nats":{"servers":["nats://n1"],"auth":"user"}}`, "the user (nats.user) is missing; give its name, or log in another way (nats.auth)"},
		"switch":          {`{"nats":{"tlsSkipVerify":"yes"}}`, "nats.tlsSkipVerify must be true or false"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := parseNATS(c.json); err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
	if _, err := parseNATS(`{"nats":{"servers":["nats://n1"],"auth":"nkey"}}`, "natsSeed"); err == nil ||
		err.Error() != `the seed (natsSeed) is missing; give it, or log in another way than by nkey (nats.auth)` {
		t.Errorf("without seed: %v", err)
	}
}

func TestNATSCertificates(t *testing.T) {
	cert, key := certificate(t)
	instance := backend.DataSourceInstanceSettings{
		JSONData:                []byte(`{"nats":{"servers":["nats://n1"]}}`),
		DecryptedSecureJSONData: map[string]string{"natsTlsCaCert": cert, "natsTlsClientCert": cert, "natsTlsClientKey": key},
	}
	s, err := settings.Parse(instance)
	if err != nil {
		t.Fatal(err)
	}
	opts := s.NATS.Options(httpclient.Options{TLS: &httpclient.TLSOptions{ServerName: "of HTTP"}})
	if want := (httpclient.TLSOptions{CACertificate: cert, ClientCertificate: cert, ClientKey: key}); !reflect.DeepEqual(*opts.TLS, want) {
		t.Errorf("got %+v", *opts.TLS)
	}
	if opts = (settings.NATS{}).Options(opts); opts.TLS != nil {
		t.Errorf("without TLS settings: %+v", opts.TLS)
	}
	delete(instance.DecryptedSecureJSONData, "natsTlsClientKey")
	if _, err := settings.Parse(instance); err == nil || err.Error() != "the client certificate (natsTlsClientCert) and the client key (natsTlsClientKey) belong together; give both or neither" {
		t.Errorf("half a client certificate: %v", err)
	}
}

package settings_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/pkg/settings"
)

// parseHistory parses settings whose history has all secrets that there are.
func parseHistory(jsonData string) (settings.Settings, error) {
	return settings.Parse(backend.DataSourceInstanceSettings{JSONData: []byte(jsonData), DecryptedSecureJSONData: map[string]string{
		"historyPassword": "s3cret-password", "historyToken": "s3cret-token", "historySeed": "s3cret-seed", "historyCredentials": "s3cret-creds",
	}})
}

func TestAcceptsHistory(t *testing.T) {
	open := settings.Client{Servers: []string{"nats://n1:4222"}, Auth: "none"}
	history := func(change func(*settings.History)) settings.History {
		h := settings.History{Client: open, Stream: "NATS_CONNECTIONS", Prefix: "nats.connections", Write: true}
		change(&h)
		return h
	}
	for name, c := range map[string]struct {
		members string
		want    settings.History
	}{
		"defaults":         {``, history(func(*settings.History) {})},
		"every text empty": {`,"stream":"","prefix":"","write":"","create":"","auth":""`, history(func(*settings.History) {})},
		"names":            {`,"stream":" CONNECTIONS ","prefix":"ops.conns"`, history(func(h *settings.History) { h.Stream, h.Prefix = "CONNECTIONS", "ops.conns" })},
		"read alone":       {`,"write":"false"`, history(func(h *settings.History) { h.Write = false })},
		"made":             {`,"create":1`, history(func(h *settings.History) { h.Create = true })},
		"private":          {`,"private":"true"`, history(func(h *settings.History) { h.Private = true })},
		"captured":         {`,"captured":" DISCONNECTS "`, history(func(h *settings.History) { h.Captured = "DISCONNECTS" })},
		"user": {`,"auth":"user","user":"u"`, history(func(h *settings.History) {
			h.Auth, h.User, h.Login = "user", "u", "s3cret-password"
		})},
		"token":       {`,"auth":"token"`, history(func(h *settings.History) { h.Auth, h.Login = "token", "s3cret-token" })},
		"nkey":        {`,"auth":"nkey"`, history(func(h *settings.History) { h.Auth, h.Login = "nkey", "s3cret-seed" })},
		"credentials": {`,"auth":"credentials"`, history(func(h *settings.History) { h.Auth, h.Login = "credentials", "s3cret-creds" })},
		"the way there": {`,"inboxPrefix":"_INBOX_g","ignoreDiscovered":true,"tlsServerName":"x","tlsSkipVerify":"true","tlsHandshakeFirst":true`, history(func(h *settings.History) {
			h.InboxPrefix, h.IgnoreDiscovered, h.TLSHandshakeFirst = "_INBOX_g", true, true
			h.TLS = &settings.ClientTLS{ServerName: "x", SkipVerify: true}
		})},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseHistory(`{"urls":["http://n1:8222"],"history":{"servers":"nats://n1:4222"` + c.members + `}}`)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got.History, c.want) || len(got.Warnings) > 0 {
				t.Errorf("got %+v, want %+v; warned %q", got.History, c.want, got.Warnings)
			}
			if shown := fmt.Sprintf("%v %+v %#v", got, got, got); strings.Contains(shown, "s3cret") {
				t.Errorf("a secret is shown: %s", shown)
			}
		})
	}
}

// TestHistoryWithoutServers: it is saved once before it is filled in; whoever
// wrote more than that is told that it does nothing.
func TestHistoryWithoutServers(t *testing.T) {
	for text, warned := range map[string]bool{
		`{}`:             false,
		`{"history":{}}`: false,
		`{"history":""}`: false,
		`{"history":{"servers":[],"auth":"credentials"}}`: false,
		`{"history":{"stream":"CONNECTIONS"}}`:            true,
	} {
		got, err := parseHistory(text)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.History, settings.History{}) {
			t.Errorf("%s: %+v", text, got.History)
		}
		if told := strings.Join(got.Warnings, " "); warned != (told == "The history has no NATS servers (history.servers), so nothing is kept in a stream.") {
			t.Errorf("%s: %q", text, told)
		}
	}
}

func TestRefusesHistory(t *testing.T) {
	for members, want := range map[string]string{
		`"servers":["n1"]`:                                    "the first NATS server of the history (history.servers[0]) has no scheme; put nats:// or tls:// in front",
		`"servers":["nats://s3cret@n1"]`:                      "the first NATS server of the history (history.servers[0]) holds a login; say below how to log in (history.auth) instead",
		`"servers":["nats://n1"],"auth":"x"`:                  `history.auth must be credentials, nkey, user, token or none, not "x"`,
		`"servers":["nats://n1"],"auth":"user"`:               "the user of the history (history.user) is missing; give its name, or log in another way (history.auth)",
		`"servers":["nats://n1","ws://n1"]`:                   "the second NATS server of the history (history.servers[1]) is of another kind than those before; use ws:// and wss:// for all or for none",
		`"inboxPrefix":">","servers":["nats://n1"]`:           `the inbox prefix of the history (history.inboxPrefix) must be a subject without wildcards, such as _INBOX_grafana, not ">"`,
		`"servers":["nats://n1"],"stream":"a.b"`:              `the stream of the history (history.stream) must be the name of a stream, such as NATS_CONNECTIONS, not "a.b"`,
		`"servers":["nats://n1"],"prefix":"a.>"`:              `the prefix of the history's subjects (history.prefix) must be a subject without wildcards and $ in front, such as nats.connections, not "a.>"`,
		`"servers":["nats://n1"],"prefix":"$JS.x"`:            `the prefix of the history's subjects (history.prefix) must be a subject without wildcards and $ in front, such as nats.connections, not "$JS.x"`,
		`"write":"maybe"`:                                     "history.write must be true or false",
		`"servers":["nats://n1"],"write":false,"create":true`: "whoever reads the history alone cannot make its stream: write into it (history.write), or do not make it (history.create)",
	} {
		if _, err := parseHistory(`{"history":{` + members + `}}`); err == nil || err.Error() != want {
			t.Errorf("%s:\ngot  %v\nwant %s", members, err, want)
		}
	}
	for text, want := range map[string]string{
		`{"history":[]}`: "history must be an object",
		`{"keep":"1d"}`:  "keep must be an object",
	} {
		if _, err := parseHistory(text); err == nil || err.Error() != want {
			t.Errorf("%s: %v", text, err)
		}
	}
	_, err := settings.Parse(backend.DataSourceInstanceSettings{JSONData: []byte(`{"history":{"servers":["nats://n1"],"auth":"nkey"}}`)})
	if err == nil || err.Error() != "the seed of the history (historySeed) is missing; give it, or log in another way than by nkey (history.auth)" {
		t.Errorf("without seed: %v", err)
	}
}

func TestKeep(t *testing.T) {
	for text, want := range map[string]settings.Keep{
		`{}`:                                    {Age: 24 * time.Hour, Count: 500_000},
		`{"keep":""}`:                           {Age: 24 * time.Hour, Count: 500_000},
		`{"keep":{"age":"","count":""}}`:        {Age: 24 * time.Hour, Count: 500_000},
		`{"keep":{"age":"168h"}}`:               {Age: 7 * 24 * time.Hour, Count: 500_000},
		`{"keep":{"age":"1h","count":"10000"}}`: {Age: time.Hour, Count: 10_000},
	} {
		if got, err := parseHistory(text); err != nil || got.Keep != want {
			t.Errorf("%s: %+v, %v", text, got.Keep, err)
		}
	}
	for text, want := range map[string]string{
		`{"keep":{"age":"30m"}}`:  `the time that records are kept in memory (keep.age) must be a duration from 1h to 744h, such as 24h, not "30m"`,
		`{"keep":{"count":9999}}`: "the number of records kept in memory (keep.count) must be a whole number from 10000 to 20000000",
		`{"keep":{"count":1e9}}`:  "the number of records kept in memory (keep.count) must be a whole number from 10000 to 20000000",
		`{"keep":{"count":"x"}}`:  "keep.count must be a number",
	} {
		if _, err := parseHistory(text); err == nil || err.Error() != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}

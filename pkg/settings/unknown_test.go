package settings_test

import (
	"slices"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/pkg/settings"
)

func TestWhatNobodyReadsIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		json   string
		secure map[string]string
		want   []string
	}{
		"nothing": {`{}`, nil, nil},
		"of Grafana": {`{"pdcInjected":true,"oauthPassThru":true,"dialTimeout":5,"httpHeaderName12":"X","basicAuth":true}`,
			map[string]string{"httpHeaderValue12": "x"}, nil},
		"left behind by tools": {`{"foo":null,"sigV4Auth":false,"bar":"","baz":[]}`, map[string]string{"quux": ""}, nil},
		"snake case": {`{"background_sync":"30s","resolveall":true,"sync_every":"0s"}`, nil, []string{
			"background_sync is not known; backgroundSync?", "resolveall is not known; resolveAll?", "sync_every is not known; syncEvery?",
		}},
		"inside of nats":         {`{"nats":{"server":"nats://n1","tls_skip_verify":true}}`, nil, []string{"nats.server is not known; nats.servers?", "nats.tls_skip_verify is not known; nats.tlsSkipVerify?"}},
		"outside of nats":        {`{"servers":"nats://n1","inboxPrefix":"x"}`, nil, []string{"inboxPrefix is not known; nats.inboxPrefix?", "servers is not known; nats.servers?"}},
		"with a dot":             {`{"nats.servers":"nats://n1"}`, nil, []string{`"nats.servers" is not known; nats.servers?`}},
		"nothing like it":        {`{"colour":"red"}`, nil, []string{"colour is not known."}},
		"secret of another case": {`{}`, map[string]string{"natsTlsCACert": "x"}, []string{"natsTlsCACert is not known; natsTlsCaCert?"}},
		"secret where all see it": {`{"natsPassword":"x","nats":{"token":"y"}}`, nil, []string{
			"nats.token is not known; natsToken in secureJsonData?",
			"natsPassword is a secret and belongs into secureJsonData; in jsonData everybody can read it.",
		}},
		"no secret": {`{}`, map[string]string{"syncEvery": "1s"}, []string{"syncEvery is not known."}},
		"reasons": {`{"classOverrides":{"Client closed":"unexpected","Stale Connection":"planned","Brand New":"planned"}}`, nil, []string{
			"classOverrides: Brand New is not known.", "classOverrides: Client closed is not known; Client Closed?",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := settings.Parse(backend.DataSourceInstanceSettings{JSONData: []byte(c.json), DecryptedSecureJSONData: c.secure})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.Warnings, c.want) {
				t.Errorf("got  %q\nwant %q", got.Warnings, c.want)
			}
		})
	}
}

package settings_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/pkg/settings"
)

// TestEveryKeyIsRead: one in the table that nobody reads would be promised by
// the documentation, and could hold anything.
func TestEveryKeyIsRead(t *testing.T) {
	for _, key := range settings.Keys() {
		if key.Place == settings.InSecure {
			continue
		}
		member, inside := key.Name, ""
		if outer, inner, found := strings.Cut(key.Name, "."); found {
			member, inside = outer, inner
		}
		wrong := any([]any{map[string]int{"of no setting": 1}})
		if inside != "" {
			wrong = map[string]any{"servers": "nats://n1", inside: wrong}
		}
		data, err := json.Marshal(map[string]any{member: wrong})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := settings.Parse(backend.DataSourceInstanceSettings{JSONData: data}); err == nil || !namesFirst(err.Error(), key) {
			t.Errorf("%s: %v", data, err)
		}
	}
}

// namesFirst reports whether an error begins with the setting's name, behind what
// the page calls it if it has a word for it.
func namesFirst(text string, key settings.Key) bool {
	return strings.HasPrefix(text, key.Name+" must be ") ||
		key.Called != "" && strings.HasPrefix(text, "the "+key.Called+" ("+key.Name+") must be ")
}

func TestKeysAreWholeAndOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, key := range settings.Keys() {
		if seen[key.Name] || key.Means == "" || key.Kind == "" || key.Place == "" || (key.Kind == settings.Duration) != (key.Limits != nil) {
			t.Errorf("%+v", key)
		}
		seen[key.Name] = true
	}
}

// TestOddSettingsAreSentences: whatever somebody writes, neither this package
// nor the SDK behind it panics.
func TestOddSettingsAreSentences(t *testing.T) {
	names := []string{"sigV4Auth", "sigV4Region", "sigV4AuthType", "dialTimeout", "keepAlive", "httpMaxConnsPerHost", "httpHeaderName2", "access", "foo"}
	for _, key := range settings.Keys() {
		names = append(names, key.Name)
	}
	values := []string{
		"null", "1", "0", "-1", "1.5", "1e9", "1e400", `"1"`, `""`, `"x"`, "true", "false", "[]", "{}", "[null]", "[1]", `[""]`, `{"a":1}`, `{"a":null}`,
		`["http://[::1]:8222/a%2fb","http://BÜCHER.example:8222"]`, `{"servers":["nats://x:1"],"auth":"user","user":"u"}`,
		`{"servers":["nats://x:1"],"scope":"account"}`, `{"servers":[" tls://[fe80::1%25eth0]:4222 "],"auth":"nkey"}`, `"30s"`,
		`["http://user@x"]`, `[" http://x:99999 ","ftp://x","http://x?y","http://x#"]`, `["("]`, `{"Client Closed":"planned"}`, `"\ud800"`,
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 5_000 {
		members := map[string]json.RawMessage{"enableSecureSocksProxy": json.RawMessage("true"), "sigV4Auth": json.RawMessage("true")}
		for range 1 + random.IntN(6) {
			members[names[random.IntN(len(names))]] = json.RawMessage(values[random.IntN(len(values))])
		}
		data, err := json.Marshal(members)
		if err != nil {
			t.Fatal(err)
		}
		instance := backend.DataSourceInstanceSettings{UID: "u", JSONData: data, DecryptedSecureJSONData: map[string]string{
			"natsPassword": "p", "natsSeed": "x", "httpHeaderValue1": "v", "tlsCACert": "x",
		}}
		s, err := settings.Parse(instance)
		if err != nil {
			continue
		}
		if _, err := settings.HTTPOptions(t.Context(), instance, s); err != nil {
			t.Errorf("%s: understood, but: %v", data, err)
		}
	}
}

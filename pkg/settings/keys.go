package settings

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Place is where people write a setting.
type Place string

// The places. What stands beside jsonData is read in it as well.
const (
	InJSON   Place = "jsonData"
	InSecure Place = "secureJsonData"
	Beside   Place = "beside jsonData"
)

// Kind is what a setting's value is.
type Kind string

// The kinds, in words for people.
const (
	Text     Kind = "text"
	Number   Kind = "number"
	Switch   Kind = "true or false"
	List     Kind = "list of texts"
	Duration Kind = "duration"
	Classes  Kind = "reason → class"
	// Numbers are thresholds of rules, by rule and name.
	Numbers Kind = "rule → threshold → number"
	Object  Kind = "object"
	Links   Kind = "list of links"
	// Lines is a text of several lines, such as a certificate.
	Lines Kind = "lines of text"
)

// Limits are what a duration may be.
type Limits struct {
	Min, Max time.Duration
	// Usual is what is proposed.
	Usual time.Duration
}

// Key is one setting, as people write it.
type Key struct {
	// Name is the member's; those inside of an object begin with its name and a dot.
	Name  string
	Place Place
	Kind  Kind
	// Words are all values that there are, if they can be counted.
	Words []string
	// Limits bound a duration.
	Limits *Limits
	// Numbered: there are further ones, with 2, 3, … for the 1.
	Numbered bool
	// Called is what the settings page calls it, or one of a list, if an error
	// can be about it there.
	Called string
	// Means is what people read, in Markdown.
	Means string
}

// Keys returns every setting, in the order in which people should meet them.
// It is the one place that knows them: what is not here is not read.
func Keys() []Key { return slices.Clone(keys) }

// keys is read-only once the package is initialised.
var keys = slices.Concat(keysOfReading(), keysOfHTTP(), keysOfNATS(), keysOfHistory())

func keysOfReading() []Key {
	return []Key{
		{Name: "version", Place: InJSON, Kind: Number, Means: "Version of these settings: 1, also if absent"},
		{Name: "urls", Place: InJSON, Kind: List, Called: "monitoring URL", Means: "Base URL of each server's monitoring endpoint"},
		{Name: "url", Place: Beside, Kind: Text, Means: "Read as `urls` if there are neither `urls` nor `nats.servers`"},
		{Name: "resolveAll", Place: InJSON, Kind: Switch, Means: "Each host name in `urls` means [all its addresses](connect.md#all-pods-of-a-headless-service)"},
		{Name: "appPatterns", Place: InJSON, Kind: List, Called: "pattern of app names", Means: "What is [cut from client names](connect.md#name-your-apps); `[]` cuts nothing"},
		{Name: "classOverrides", Place: InJSON, Kind: Classes, Means: "`planned` or `unexpected`, [per reason](connect.md#say-what-is-planned)"},
		{Name: "findings", Place: InJSON, Kind: Numbers, Means: "[Thresholds of findings](findings.md#all-rules), by rule and name"},
		{Name: "timeout", Place: InJSON, Kind: Number, Means: "Seconds for one request, 1 to 3600; 10 if absent"},
		{
			Name: "syncEvery", Place: InJSON, Kind: Duration, Called: "time that one read serves everybody", Limits: &Limits{0, time.Minute, DefaultSyncEvery},
			Means: "How long one read of the servers serves everybody who asks, from `0s` to `1m`; if absent `1s`, with `scope: account` `5s`",
		},
		{Name: "links", Place: InJSON, Kind: Links, Means: "Where records [lead to](connect.md#link-to-logs-and-pages): the servers' logs, pages about apps"},
		{
			Name: "backgroundSync", Place: InJSON, Kind: Duration, Called: "time between reads while nobody looks", Limits: &Limits{5 * time.Second, time.Hour, 30 * time.Second},
			Means: "How often to read the servers [while nobody asks](connect.md#while-nobody-looks), from `5s` to `1h`; never if absent",
		},
		{Name: "private", Place: InJSON, Kind: Switch, Means: "Keep users' names and addresses [out of all answers](connect.md#keep-people-out)"},
		{Name: "keep", Place: InJSON, Kind: Object, Means: "How much Grafana's memory [keeps](connect.md#how-much-is-kept), with the members that follow"},
		{
			Name: "keep.age", Place: InJSON, Kind: Duration, Called: "time that records are kept in memory", Limits: &Limits{time.Hour, 31 * 24 * time.Hour, DefaultKeepAge},
			Means: "For how long, from `1h` to `744h`; `24h` if absent",
		},
		{Name: "keep.count", Place: InJSON, Kind: Number, Called: "number of records kept in memory", Means: "How many records at most, from 10000 to 20000000; 500000 if absent"},
	}
}

// keysOfHTTP are Grafana's own for a data source that speaks HTTP.
func keysOfHTTP() []Key {
	return []Key{
		{Name: "basicAuth", Place: Beside, Kind: Switch, Means: "Log in with user and password"},
		{Name: "basicAuthUser", Place: Beside, Kind: Text, Means: "The user"},
		{Name: "basicAuthPassword", Place: InSecure, Kind: Text, Means: "The password"},
		{Name: "httpHeaderName1", Place: InJSON, Kind: Text, Numbered: true, Means: "Name of a header to send; further ones with 2, 3, …"},
		{Name: "httpHeaderValue1", Place: InSecure, Kind: Text, Numbered: true, Means: "Its value"},
		{Name: "tlsSkipVerify", Place: InJSON, Kind: Switch, Means: "Accept every certificate"},
		{Name: "tlsAuthWithCACert", Place: InJSON, Kind: Switch, Means: "Trust the authority `tlsCACert`"},
		{Name: "tlsCACert", Place: InSecure, Kind: Lines, Called: "CA certificate", Means: "The authority's certificate, as PEM text"},
		{Name: "tlsAuth", Place: InJSON, Kind: Switch, Means: "Show the certificate `tlsClientCert`"},
		{Name: "tlsClientCert", Place: InSecure, Kind: Lines, Called: "client certificate", Means: "The certificate to show, as PEM text"},
		{Name: "tlsClientKey", Place: InSecure, Kind: Lines, Called: "client key", Means: "Its key, as PEM text"},
		{Name: "serverName", Place: InJSON, Kind: Text, Means: "Host name to expect in the certificate"},
		{Name: "enableSecureSocksProxy", Place: InJSON, Kind: Switch, Means: "Go through Grafana's private data source connect"},
		{Name: "secureSocksProxyUsername", Place: InJSON, Kind: Text, Means: "User to go through it as; the data source's uid if absent"},
		{Name: "secureSocksProxyPassword", Place: InSecure, Kind: Text, Means: "That user's password"},
	}
}

func keysOfNATS() []Key {
	return slices.Concat([]Key{
		{Name: "nats", Place: InJSON, Kind: Object, Means: "The connection [over NATS](connect.md#over-nats-with-a-system-account), with the members that follow"},
		{
			Name: "nats.scope", Place: InJSON, Kind: Text, Words: []string{string(ScopeSystem), string(ScopeAccount)},
			Means: "`system` (all accounts, if absent) or `account` ([that of the login alone](connect.md#over-nats-with-an-account-of-ones-own))",
		},
	}, keysOfClient("nats", ""))
}

func keysOfHistory() []Key {
	return slices.Concat([]Key{
		{Name: "history", Place: InJSON, Kind: Object, Means: "The stream that [keeps what was read](history.md), with the members that follow"},
		{Name: "history.stream", Place: InJSON, Kind: Text, Called: "stream of the history", Means: "Name of the stream; `" + DefaultStream + "` if absent"},
		{Name: "history.prefix", Place: InJSON, Kind: Text, Called: "prefix of the history's subjects", Means: "What its subjects begin with; `" + DefaultPrefix + "` if absent"},
		{Name: "history.write", Place: InJSON, Kind: Switch, Means: "Write what is read into the stream, also if absent; `false` reads it alone"},
		{Name: "history.create", Place: InJSON, Kind: Switch, Means: "[Make the stream](history.md#the-stream) if it is not there"},
		{Name: "history.private", Place: InJSON, Kind: Switch, Means: "Keep users' names and addresses [out of the stream](history.md#privacy)"},
		{Name: "history.captured", Place: InJSON, Kind: Text, Called: "stream of captured advisories", Means: "Stream of [advisories that others capture](history.md#what-others-captured), which is read as well; none if absent"},
	}, keysOfClient("history", " of the history"))
}

// keysOfClient are those of a connection to NATS; secrets stand outside of the
// object, so their names begin with its name. Whose they are stands behind what
// the page calls them.
func keysOfClient(at, whose string) []Key {
	return []Key{
		{Name: at + ".servers", Place: InJSON, Kind: List, Called: "NATS server" + whose, Means: "URLs for clients, with `nats://` or `tls://`, or all with `ws://` or `wss://`"},
		{
			Name: at + ".auth", Place: InJSON, Kind: Text,
			Words: []string{string(AuthCredentials), string(AuthNKey), string(AuthUser), string(AuthToken), string(AuthNone)},
			Means: "How to log in: `credentials`, `nkey`, `user`, `token` or `none`, which is meant if absent",
		},
		{Name: at + ".user", Place: InJSON, Kind: Text, Called: "user" + whose, Means: "Name of the user, for `user`"},
		{Name: at + "Credentials", Place: InSecure, Kind: Lines, Called: "content of the credentials" + whose, Means: "Content of a credentials file, for `credentials`"},
		{Name: at + "Seed", Place: InSecure, Kind: Text, Called: "seed" + whose, Means: "Seed of a user's NKey, for `nkey`"},
		{Name: at + "Password", Place: InSecure, Kind: Text, Called: "password" + whose, Means: "Password, for `user`"},
		{Name: at + "Token", Place: InSecure, Kind: Text, Called: "token" + whose, Means: "Token, for `token`"},
		{Name: at + ".inboxPrefix", Place: InJSON, Kind: Text, Called: "inbox prefix" + whose, Means: "Where answers go, if the login may not subscribe to `_INBOX.>`, [such as `_INBOX_grafana`](connect.md#a-private-inbox)"},
		{Name: at + ".ignoreDiscovered", Place: InJSON, Kind: Switch, Means: "Connect to `" + at + ".servers` alone, [not to what they advertise](connect.md#addresses-that-servers-advertise)"},
		{Name: at + "TlsCaCert", Place: InSecure, Kind: Lines, Called: "CA certificate" + whose, Means: "Trust this authority, as PEM text"},
		{Name: at + "TlsClientCert", Place: InSecure, Kind: Lines, Called: "client certificate" + whose, Means: "Show this client certificate, as PEM text"},
		{Name: at + "TlsClientKey", Place: InSecure, Kind: Lines, Called: "client key" + whose, Means: "Its key, as PEM text"},
		{Name: at + ".tlsServerName", Place: InJSON, Kind: Text, Means: "Host name to expect in the certificate"},
		{Name: at + ".tlsSkipVerify", Place: InJSON, Kind: Switch, Means: "Accept every certificate"},
		{Name: at + ".tlsHandshakeFirst", Place: InJSON, Kind: Switch, Means: "Begin with the TLS handshake, for servers with `handshake_first`"},
	}
}

// called is how an error names a setting: as the settings page does, and behind
// it as whoever writes files does.
func called(name string) string {
	key, known := keyNamed(name)
	if !known || key.Called == "" {
		return name
	}
	return fmt.Sprintf("the %s (%s)", key.Called, name)
}

// calledAt is how an error names a member of a list.
func calledAt(name string, i int) string {
	key, _ := keyNamed(name)
	return fmt.Sprintf("the %s %s (%s[%d])", ordinal(i), key.Called, name, i)
}

// ordinals are in words as far as people count without looking.
var ordinals = []string{"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"}

func ordinal(i int) string {
	if i < len(ordinals) {
		return ordinals[i]
	}
	n, suffix := i+1, "th"
	if n%100 < 11 || n%100 > 13 {
		suffix = [...]string{"th", "st", "nd", "rd", "th", "th", "th", "th", "th", "th"}[n%10]
	}
	return fmt.Sprintf("%d%s", n, suffix)
}

// keyNamed finds a setting by the name that people wrote, whatever its number.
func keyNamed(name string) (Key, bool) {
	for _, key := range keys {
		if key.Name == name || key.Numbered && isNumbered(name, strings.TrimSuffix(key.Name, "1")) {
			return key, true
		}
	}
	return Key{}, false
}

func isNumbered(name, stem string) bool {
	number, found := strings.CutPrefix(name, stem)
	return found && number != "" && strings.Trim(number, "0123456789") == ""
}

// sdkNumbers are what the SDK's HTTP client can be told besides, in seconds
// and counts. They are no settings of ours.
var sdkNumbers = []string{
	"dialTimeout", "httpExpectContinueTimeout", "httpIdleConnTimeout", "httpKeepAlive", "httpMaxConnsPerHost", "httpMaxIdleConns",
	"httpMaxIdleConnsPerHost", "httpTLSHandshakeTimeout", "keepAlive",
}

func isSDKNumber(name string) bool { return slices.Contains(sdkNumbers, name) }

package settings_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/settings"
)

func parse(jsonData string) (settings.Settings, error) {
	return settings.Parse(backend.DataSourceInstanceSettings{JSONData: []byte(jsonData)})
}

// TestAccepts is the specification of what settings mean.
func TestAccepts(t *testing.T) {
	plain := settings.Settings{
		Version: 1, Timeout: 10 * time.Second, SyncEvery: time.Second, Keep: settings.Keep{Age: 24 * time.Hour, Count: 500_000},
	}
	with := func(change func(*settings.Settings)) settings.Settings {
		s := plain
		change(&s)
		return s
	}
	urls := func(list ...string) settings.Settings {
		return with(func(s *settings.Settings) { s.URLs = list })
	}
	for name, c := range map[string]struct {
		json string
		want settings.Settings
	}{
		"nothing saved yet":      {``, plain},
		"null":                   {`null`, plain},
		"empty object":           {`{}`, plain},
		"every field null":       {`{"version":null,"urls":null,"appPatterns":null,"classOverrides":null,"timeout":null}`, plain},
		"Grafana's own keys":     {`{"tlsSkipVerify":true,"serverName":"n1","httpHeaderName1":"X-Key","pdcInjected":false}`, plain},
		"one URL":                {`{"version":1,"urls":["http://n1:8222"]}`, urls("http://n1:8222")},
		"several, in order":      {`{"urls":["https://n2:8222","http://n1:8222"]}`, urls("https://n2:8222", "http://n1:8222")},
		"blank rows and spaces":  {`{"urls":["", "  http://n1:8222 ", " "]}`, urls("http://n1:8222")},
		"trailing slash":         {`{"urls":["http://n1:8222/"]}`, urls("http://n1:8222")},
		"base path":              {`{"urls":["http://n1:8222/mon/"]}`, urls("http://n1:8222/mon")},
		"duplicates collapse":    {`{"urls":["http://n1:8222","HTTP://N1:8222/"]}`, urls("http://n1:8222")},
		"IPv6":                   {`{"urls":["http://[::1]:8222"]}`, urls("http://[::1]:8222")},
		"no port":                {`{"urls":["https://nats.example.com"]}`, urls("https://nats.example.com")},
		"every address":          {`{"resolveAll":true}`, with(func(s *settings.Settings) { s.ResolveAll = true })},
		"nameless":               {`{"private":"true"}`, with(func(s *settings.Settings) { s.Private = true })},
		"patterns":               {`{"appPatterns":["-\\d+$"]}`, with(func(s *settings.Settings) { s.AppPatterns = []string{`-\d+$`} })},
		"no patterns on purpose": {`{"appPatterns":[]}`, with(func(s *settings.Settings) { s.AppPatterns = []string{} })},
		"a blank pattern":        {`{"appPatterns":[""]}`, with(func(s *settings.Settings) { s.AppPatterns = []string{} })},
		"classes, also of reasons not known": {
			`{"classOverrides":{"Stale Connection":"planned","Brand New":"unexpected"}}`,
			with(func(s *settings.Settings) {
				s.ClassOverrides = map[string]string{"Stale Connection": "planned", "Brand New": "unexpected"}
			}),
		},
		"thresholds, also as texts": {`{"findings":{"login_broken":{"per_hour":"100"},"stale":{"hosts":9}}}`, with(func(s *settings.Settings) {
			s.Thresholds, _ = finding.NewThresholds(map[string]map[string]float64{"login_broken": {"per_hour": 100}, "stale": {"hosts": 9}})
		})},
		"shared reads": {`{"syncEvery":"5s"}`, with(func(s *settings.Settings) { s.SyncEvery = 5 * time.Second })},
		"account": {`{"nats":{"servers":["nats://n1"],"scope":"account"}}`, with(func(s *settings.Settings) {
			s.SyncEvery, s.NATS = 5*time.Second, settings.NATS{Scope: "account", Client: settings.Client{Servers: []string{"nats://n1"}, Auth: "none"}}
		})},
		"no shared reads":    {`{"syncEvery":"0s"}`, with(func(s *settings.Settings) { s.SyncEvery = 0 })},
		"background":         {`{"backgroundSync":"30s"}`, with(func(s *settings.Settings) { s.BackgroundSync = 30 * time.Second })},
		"no background":      {`{"backgroundSync":null}`, plain},
		"timeout":            {`{"timeout":3}`, with(func(s *settings.Settings) { s.Timeout = 3 * time.Second })},
		"timeout left at 0":  {`{"timeout":0}`, plain},
		"one text of URLs":   {`{"urls":" http://n1:8222, http://n2:8222\nhttp://n3:8222;http://n4:8222 "}`, urls("http://n1:8222", "http://n2:8222", "http://n3:8222", "http://n4:8222")},
		"a list as JSON":     {`{"urls":" [\"http://n1:8222\", \"http://n2:8222\"]\n"}`, urls("http://n1:8222", "http://n2:8222")},
		"patterns as JSON":   {`{"appPatterns":"[\"-x, y$\"]"}`, with(func(s *settings.Settings) { s.AppPatterns = []string{"-x, y$"} })},
		"a class is no list": {`{"appPatterns":"[0-9]+$"}`, with(func(s *settings.Settings) { s.AppPatterns = []string{"[0-9]+$"} })},
		"texts of several":   {`{"urls":["http://n1:8222,http://n2:8222","http://n3:8222"]}`, urls("http://n1:8222", "http://n2:8222", "http://n3:8222")},
		"numbers as text":    {`{"version":"1","timeout":"3"}`, with(func(s *settings.Settings) { s.Timeout = 3 * time.Second })},
		"switches as text":   {`{"resolveAll":"True"}`, with(func(s *settings.Settings) { s.ResolveAll = true })},
		"switches as 1":      {`{"resolveAll":1}`, with(func(s *settings.Settings) { s.ResolveAll = true })},
		"patterns, by line":  {`{"appPatterns":"-\\d{1,3}$\n-x$\n"}`, with(func(s *settings.Settings) { s.AppPatterns = []string{`-\d{1,3}$`, "-x$"} })},
		"every text empty": {
			`{"version":"","urls":"","url":"","resolveAll":"","appPatterns":"","classOverrides":"","timeout":"","syncEvery":"","backgroundSync":"",
			"basicAuth":"","basicAuthUser":"","serverName":"","httpHeaderName1":"","tlsAuth":"","enableSecureSocksProxy":"","nats":""}`, plain,
		},
		"class left empty":     {`{"classOverrides":{"Kicked":""}}`, with(func(s *settings.Settings) { s.ClassOverrides = map[string]string{} })},
		"url instead of urls":  {`{"url":"http://n1:8222/"}`, urls("http://n1:8222")},
		"url beside urls":      {`{"url":"http://old:8222","urls":["http://n1:8222"]}`, urls("http://n1:8222")},
		"url and no urls left": {`{"url":"http://n1:8222","urls":[]}`, urls("http://n1:8222")},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parse(c.json)
			if err != nil {
				t.Fatal(err)
			}
			got.Warnings = nil
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// TestRefuses is the specification of what people read when settings are wrong.
func TestRefuses(t *testing.T) {
	for name, c := range map[string]struct{ json, want string }{
		"no object":          {`[]`, "jsonData must be a JSON object: "},
		"newer version":      {`{"version":2}`, "version 2 of the settings is newer than this plugin, which knows version 1: update the plugin"},
		"older than any":     {`{"version":0}`, "version must be 1, not 0"},
		"version in words":   {`{"version":"one"}`, "version must be a number"},
		"half a version":     {`{"version":0.5}`, "version must be 1, not 0.5"},
		"urls as object":     {`{"urls":{"n1":"http://n1:8222"}}`, "urls must be a list of texts"},
		"urls in urls":       {`{"urls":[["http://n1:8222"]]}`, "urls must be a list of texts"},
		"no URL in url":      {`{"url":"n1:8222"}`, "url has no scheme; put http:// or https:// in front"},
		"second of a text":   {`{"urls":"http://n1:8222,n2"}`, "the second monitoring URL (urls[1]) has no scheme; put http:// or https:// in front"},
		"addresses as text":  {`{"resolveAll":"yes"}`, "resolveAll must be true or false"},
		"no scheme":          {`{"urls":["http://n1:8222","n2:8222"]}`, "the second monitoring URL (urls[1]) has no scheme; put http:// or https:// in front"},
		"eleventh":           {`{"urls":["http://a","http://b","http://c","http://d","http://e","http://f","http://g","http://h","http://i","http://j","k"]}`, "the 11th monitoring URL (urls[10]) has no scheme; put http:// or https:// in front"},
		"client URL":         {`{"urls":["nats://n1:4222"]}`, "the first monitoring URL (urls[0]) is a URL for NATS clients; use the server's monitoring URL, like http://nats-1:8222"},
		"other scheme":       {`{"urls":["file:///etc/passwd"]}`, "the first monitoring URL (urls[0]) must begin with http:// or https://"},
		"no host":            {`{"urls":["http://:8222"]}`, "the first monitoring URL (urls[0]) has no host; write it like http://nats-1:8222"},
		"no URL at all":      {`{"urls":["http://n1:port"]}`, "the first monitoring URL (urls[0]) is not a URL; write it like http://nats-1:8222"},
		"port out of range":  {`{"urls":["http://n1:82222"]}`, "the first monitoring URL (urls[0]) has a port that does not exist; use one from 1 to 65535, commonly 8222"},
		"user name":          {`{"urls":["http://me:s3cret@n1:8222"]}`, "the first monitoring URL (urls[0]) holds a user name; use Basic authentication instead"},
		"password only":      {`{"urls":["http://:s3cret@n1:8222"]}`, "the first monitoring URL (urls[0]) holds a password; use Basic authentication instead"},
		"query":              {`{"urls":["http://n1:8222/?token=s3cret"]}`, "the first monitoring URL (urls[0]) has a query; remove everything from the ? on"},
		"fragment":           {`{"urls":["http://n1:8222/#"]}`, "the first monitoring URL (urls[0]) has a fragment; remove everything from the # on"},
		"pattern":            {`{"appPatterns":["-\\d+$","(?=x)"]}`, "the second pattern of app names (appPatterns[1]) is not a regular expression that RE2 understands: "},
		"class":              {`{"classOverrides":{"Kicked":"fine"}}`, `classOverrides["Kicked"] must be "planned" or "unexpected", not "fine"`},
		"classes as list":    {`{"classOverrides":["Kicked"]}`, `classOverrides must be an object of reasons with the value "planned" or "unexpected"`},
		"no rule":            {`{"findings":{"nap":{"x":1}}}`, `findings: "nap" is no rule; use slow_consumer, falling_behind, fabric_slow, login_broken, login_scan, tls_failing, stale, flapping, churn, limit_hit, protocol, duplicate_client, unnamed, old_library, server_restart, not_back, server_silent, records_lost, clock_off`},
		"no threshold":       {`{"findings":{"login_broken":{"often":1}}}`, `findings: login_broken has no threshold "often"; use per_hour`},
		"too low":            {`{"findings":{"login_broken":{"per_hour":1}}}`, `findings: login_broken.per_hour must be from 2 to 1e+06, not 1`},
		"no number":          {`{"findings":{"login_broken":{"per_hour":"many"}}}`, `findings.login_broken.per_hour must be a number`},
		"thresholds as list": {`{"findings":[1]}`, `findings must be an object of rules with their thresholds, such as {"login_broken": {"per_hour": 100}}`},
		"odd sharing":        {`{"syncEvery":"often"}`, `the time that one read serves everybody (syncEvery) must be a duration from 0s to 1m, such as 1s, not "often"`},
		"no unit":            {`{"backgroundSync":30}`, `the time between reads while nobody looks (backgroundSync) must be a duration from 5s to 1h, such as 30s, not "30"; remove it to turn it off`},
		"hasty background":   {`{"backgroundSync":"4.9s"}`, `the time between reads while nobody looks (backgroundSync) must be a duration from 5s to 1h, such as 30s, not "4.9s"; remove it to turn it off`},
		"lazy background":    {`{"backgroundSync":"61m"}`, `the time between reads while nobody looks (backgroundSync) must be a duration from 5s to 1h, such as 30s, not "61m"; remove it to turn it off`},
		"timeout with unit":  {`{"timeout":"30s"}`, "timeout must be a number"},
		"half a second":      {`{"timeout":"0.5"}`, "timeout must be a whole number of seconds from 1 to 3600"},
		"negative timeout":   {`{"timeout":-1}`, "timeout must be a whole number of seconds from 1 to 3600"},
		"header name":        {`{"httpHeaderName1":"A","httpHeaderName2":["B"]}`, "httpHeaderName2 must be a text"},
		"header with colon":  {`{"httpHeaderName1":"Authorization: "}`, "httpHeaderName1 is not the name of a header: write it without spaces and colon"},
		"TLS switch":         {`{"tlsAuth":"yes"}`, "tlsAuth must be true or false"},
		"proxy user":         {`{"secureSocksProxyUsername":[]}`, "secureSocksProxyUsername must be a text"},
		"SDK number":         {`{"dialTimeout":"soon"}`, "dialTimeout must be a number"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(c.json)
			if err == nil {
				t.Fatal("accepted")
			}
			got := err.Error()
			if got != c.want && (!strings.HasSuffix(c.want, ": ") || !strings.HasPrefix(got, c.want)) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if strings.Contains(got, "s3cret") {
				t.Errorf("the error repeats a secret: %s", got)
			}
		})
	}
}

func TestNoURLIsAnErrorAtUse(t *testing.T) {
	empty, err := parse(`{}`)
	if err != nil {
		t.Fatal(err)
	}
	if !errors.Is(empty.Usable(), settings.ErrNoURL) {
		t.Errorf("without URL: %v", empty.Usable())
	}
	full, err := parse(`{"urls":["http://n1:8222"]}`)
	if err != nil {
		t.Fatal(err)
	}
	if err := full.Usable(); err != nil {
		t.Errorf("with a URL: %v", err)
	}
}

func TestHTTPOptions(t *testing.T) {
	instance := backend.DataSourceInstanceSettings{
		JSONData:                []byte(`{"timeout":3,"httpHeaderName1":"Authorization","tlsSkipVerify":true}`),
		DecryptedSecureJSONData: map[string]string{"httpHeaderValue1": "Bearer abc", "basicAuthPassword": "pw"},
		BasicAuthEnabled:        true, BasicAuthUser: "me",
	}
	s, err := settings.Parse(instance)
	if err != nil {
		t.Fatal(err)
	}
	opts, err := settings.HTTPOptions(t.Context(), instance, s)
	if err != nil {
		t.Fatal(err)
	}
	if opts.Timeouts.Timeout != 3*time.Second || opts.Timeouts.DialTimeout != 3*time.Second {
		t.Errorf("timeouts = %+v", opts.Timeouts)
	}
	if opts.Header.Get("Authorization") != "Bearer abc" || opts.BasicAuth.Password != "pw" || !opts.TLS.InsecureSkipVerify {
		t.Errorf("options = %+v", opts)
	}
	// What the SDK would take for 30 s.
	unset := backend.DataSourceInstanceSettings{}
	if s, err = settings.Parse(unset); err != nil {
		t.Fatal(err)
	}
	if opts, err = settings.HTTPOptions(t.Context(), unset, s); err != nil || opts.Timeouts.Timeout != settings.DefaultTimeout {
		t.Errorf("timeout = %s, %v", opts.Timeouts.Timeout, err)
	}
}

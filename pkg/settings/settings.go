// Package settings turns a data source's jsonData into one validated struct.
package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

const (
	// CurrentVersion is the version of the settings that this plugin writes.
	CurrentVersion = 1
	// DefaultTimeout bounds one request to a server when nothing else is set.
	DefaultTimeout = 10 * time.Second
	// DefaultSyncEvery is how long one read of the servers serves everybody.
	DefaultSyncEvery = time.Second
	// DefaultAccountSyncEvery is the same where each read looks into the rings.
	DefaultAccountSyncEvery = 5 * time.Second
)

// ErrNoURL is what a data source without a server answers when it is used.
var ErrNoURL = errors.New("no server is configured: add a monitoring URL, or a NATS server with a login, in the data source's settings")

// errBeyondAccount: together the two would show what the account must not see.
var errBeyondAccount = errors.New(
	`urls show the connections of all accounts, while nats.scope is "account": remove the urls, or set nats.scope to "system"`)

// Settings is what a data source was configured with, complete and valid once
// it came out of [Parse].
type Settings struct {
	Version int `json:"version"`
	// URLs are the base URLs of the servers' monitoring endpoints, without
	// trailing slash, each once. There may be none, see [Settings.Usable].
	URLs []string `json:"urls"`
	// ResolveAll: the host name of a URL means every address it has.
	ResolveAll bool `json:"resolveAll"`
	// NATS is the connection as a client, beside URLs or instead.
	NATS NATS `json:"-"`
	// AppPatterns are regular expressions (RE2) whose match is cut from a
	// client's name to get its app; nil means the defaults.
	AppPatterns []string `json:"appPatterns"`
	// ClassOverrides maps a stop reason to "planned" or "unexpected".
	ClassOverrides map[string]string `json:"classOverrides"`
	// SyncEvery is how long a read of the servers is good enough for whoever
	// asks next.
	SyncEvery time.Duration `json:"-"`
	// BackgroundSync is how often the servers are read while nobody asks; 0
	// is never.
	BackgroundSync time.Duration `json:"-"`
	// Timeout bounds one request to a server.
	Timeout time.Duration `json:"-"`
}

// Usable returns [ErrNoURL] while there is no server to ask: a data source is
// saved once before it is filled in, so that is no error of [Parse].
func (s Settings) Usable() error {
	if len(s.URLs) == 0 && len(s.NATS.Servers) == 0 {
		return ErrNoURL
	}
	return nil
}

// Parse reads and validates a data source's settings. Each error is one
// sentence that names the field and what to do.
func Parse(instance backend.DataSourceInstanceSettings) (Settings, error) {
	fields, err := object(instance.JSONData)
	if err != nil {
		return Settings{}, err
	}
	s := Settings{Version: CurrentVersion}
	for _, field := range []struct {
		name, want string
		into       any
	}{
		{"version", "a whole number", &s.Version},
		{"urls", "a list of texts", &s.URLs},
		{"resolveAll", "true or false", &s.ResolveAll},
		{"appPatterns", "a list of texts", &s.AppPatterns},
		{"classOverrides", `an object of reasons with the value "planned" or "unexpected"`, &s.ClassOverrides},
	} {
		if err := fields.decode(field.name, field.want, field.into); err != nil {
			return Settings{}, err
		}
	}
	if err := checkVersion(s.Version); err != nil {
		return Settings{}, err
	}
	if s.URLs, err = baseURLs(s.URLs); err != nil {
		return Settings{}, err
	}
	if s.NATS, err = fields.nats(instance); err != nil {
		return Settings{}, err
	}
	if s.AppPatterns, err = patterns(s.AppPatterns); err != nil {
		return Settings{}, err
	}
	if err := checkClasses(s.ClassOverrides); err != nil {
		return Settings{}, err
	}
	if s.NATS.Scope == ScopeAccount && len(s.URLs) > 0 {
		return Settings{}, errBeyondAccount
	}
	if s.SyncEvery, err = fields.syncEvery(s.NATS.Scope); err != nil {
		return Settings{}, err
	}
	if s.BackgroundSync, err = fields.backgroundSync(); err != nil {
		return Settings{}, err
	}
	if s.Timeout, err = fields.http(); err != nil {
		return Settings{}, err
	}
	return s, nil
}

// jsonFields is a JSON object whose members are not decoded yet, so that an
// error can name the member.
type jsonFields map[string]json.RawMessage

func object(data json.RawMessage) (jsonFields, error) {
	var fields jsonFields
	if len(data) == 0 {
		return fields, nil
	}
	if err := json.Unmarshal(data, &fields); err != nil {
		return nil, fmt.Errorf("jsonData must be a JSON object: %w", err)
	}
	return fields, nil
}

// decode leaves into as it is when the member is absent or null.
func (f jsonFields) decode(name, want string, into any) error {
	raw, present := f[name]
	if !present || string(raw) == "null" {
		return nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("%s must be %s", name, want)
	}
	return nil
}

func (f jsonFields) syncEvery(scope Scope) (time.Duration, error) {
	text := DefaultSyncEvery.String()
	if scope == ScopeAccount {
		text = DefaultAccountSyncEvery.String()
	}
	if err := f.decode("syncEvery", "a duration such as 1s", &text); err != nil {
		return 0, err
	}
	every, err := time.ParseDuration(text)
	if err != nil || every < 0 || every > time.Minute {
		return 0, fmt.Errorf("syncEvery must be a duration from 0s to 1m, such as 1s, not %q", text)
	}
	return every, nil
}

func (f jsonFields) backgroundSync() (time.Duration, error) {
	var text *string
	if err := f.decode("backgroundSync", "a duration such as 30s", &text); err != nil || text == nil {
		return 0, err
	}
	every, err := time.ParseDuration(*text)
	if err != nil || every < 5*time.Second || every > time.Hour {
		return 0, fmt.Errorf("backgroundSync must be a duration from 5s to 1h, such as 30s, not %q; remove it to turn it off", *text)
	}
	return every, nil
}

func checkVersion(version int) error {
	switch {
	case version > CurrentVersion:
		return fmt.Errorf("version %d of the settings is newer than this plugin, which knows version %d: update the plugin",
			version, CurrentVersion)
	case version < 1:
		return fmt.Errorf("version must be %d, not %d", CurrentVersion, version)
	}
	return nil
}

func patterns(given []string) ([]string, error) {
	if given == nil {
		return nil, nil
	}
	kept := []string{}
	for i, pattern := range given {
		if strings.TrimSpace(pattern) == "" {
			continue
		}
		if _, err := regexp.Compile(pattern); err != nil {
			return nil, fmt.Errorf("appPatterns[%d] is not a regular expression that RE2 understands: %w", i, err)
		}
		kept = append(kept, pattern)
	}
	return kept, nil
}

// checkClasses lets unknown reasons pass: a newer server may give them.
func checkClasses(overrides map[string]string) error {
	for _, text := range slices.Sorted(maps.Keys(overrides)) {
		switch reason.Class(overrides[text]) {
		case reason.Planned, reason.Unexpected:
		default:
			return fmt.Errorf("classOverrides[%q] must be %q or %q, not %q",
				text, reason.Planned, reason.Unexpected, overrides[text])
		}
	}
	return nil
}

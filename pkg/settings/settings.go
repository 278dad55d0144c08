package settings

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// ErrNoURL is what a data source without a server answers when it is used.
var ErrNoURL = errors.New("no server is configured: add a monitoring URL, or a NATS server with a login, in the data source's settings")

// errBeyondAccount: together the two would show what the account must not see.
var errBeyondAccount = errors.New(
	"monitoring URLs (urls) show the connections of all accounts, which a NATS account (nats.scope account) must not see: " +
		"remove them, or choose the system account (nats.scope system)")

// Settings is what a data source was configured with, complete and valid once
// it came out of [Parse].
type Settings struct {
	Version int
	// URLs are the base URLs of the servers' monitoring endpoints, without
	// trailing slash, each once. There may be none, see [Settings.Usable].
	URLs []string
	// ResolveAll: the host name of a URL means every address it has.
	ResolveAll bool
	// NATS is the connection as a client, beside URLs or instead.
	NATS NATS
	// History is where records are kept beyond this process, if anywhere.
	History History
	// Keep is how much is kept in memory.
	Keep Keep
	// Private: users' names and addresses are told to nobody.
	Private bool
	// AppPatterns are regular expressions (RE2) whose match is cut from a
	// client's name to get its app; nil means the defaults.
	AppPatterns []string
	// ClassOverrides maps a stop reason to "planned" or "unexpected".
	ClassOverrides map[string]string
	// Thresholds are the numbers that rules of findings go by.
	Thresholds finding.Thresholds
	// Links are where records and groups lead to; the browser makes them.
	Links []Link
	// SyncEvery is how long a read of the servers is good enough for whoever
	// asks next.
	SyncEvery time.Duration
	// BackgroundSync is how often the servers are read while nobody asks; 0
	// is never.
	BackgroundSync time.Duration
	// Timeout bounds one request to a server.
	Timeout time.Duration
	// Warnings are sentences about settings that nobody reads, such as
	// misspelt ones; everything else works without them.
	Warnings []string
}

// Keep is how much is kept in memory: the oldest records go first.
type Keep struct {
	Age   time.Duration
	Count int
}

// Usable returns [ErrNoURL] while there is no server to ask: a data source is
// saved once before it is filled in, so that is no error of [Parse].
func (s Settings) Usable() error {
	for _, addresses := range s.Addresses() {
		if len(addresses) > 0 {
			return nil
		}
	}
	return ErrNoURL
}

// Addresses are where servers are reached, by the setting that has them.
func (s Settings) Addresses() map[string][]string {
	return map[string][]string{"urls": s.URLs, "nats.servers": s.NATS.Servers}
}

// Parse reads and validates a data source's settings. Each error is one
// sentence that names the field and what to do.
func Parse(instance backend.DataSourceInstanceSettings) (Settings, error) {
	fields, err := object(instance.JSONData)
	if err != nil {
		return Settings{}, err
	}
	secure := secretsOf(instance.DecryptedSecureJSONData)
	s := Settings{}
	for _, read := range []func() error{
		func() error { return fields.version(&s) },
		func() (err error) { s.NATS, err = fields.nats(secure); return err },
		func() error { return fields.urls(&s, instance.URL) },
		func() (err error) { s.History, err = fields.history(s.NATS.Scope, secure); return err },
		func() error { return fields.keep(&s.Keep) },
		func() error { return fields.decode("private", &s.Private) },
		func() error { return fields.appPatterns(&s) },
		func() error { return fields.classOverrides(&s) },
		func() error { return fields.thresholds(&s) },
		func() error { return fields.links(&s) },
		func() error { return fields.pace(&s) },
		func() error { return fields.http(&s, secure) },
	} {
		if err := read(); err != nil {
			return Settings{}, err
		}
	}
	s.Warnings = slices.Concat(warnings(fields, secure, s.ClassOverrides), uselessLinks(s.Links), fields.withoutServers(s.History))
	return s, nil
}

func (f jsonFields) version(s *Settings) error {
	version := float64(CurrentVersion)
	if err := f.decode("version", &version); err != nil {
		return err
	}
	switch {
	case version > CurrentVersion:
		return fmt.Errorf("version %v of the settings is newer than this plugin, which knows version %d: update the plugin",
			version, CurrentVersion)
	case version != CurrentVersion:
		return fmt.Errorf("version must be %d, not %v", CurrentVersion, version)
	}
	s.Version = CurrentVersion
	return nil
}

// urls falls back to where other data sources have their address.
func (f jsonFields) urls(s *Settings, beside string) error {
	var given []string
	if err := f.decode("urls", &given); err != nil {
		return err
	}
	var err error
	if s.URLs, err = baseURLs("urls", given); err != nil {
		return err
	}
	if len(s.URLs) == 0 && len(s.NATS.Servers) == 0 {
		if err := f.decode("url", &beside); err != nil {
			return err
		}
		if s.URLs, err = baseURLs("url", separators.Split(beside, -1)); err != nil {
			return err
		}
	}
	if s.NATS.Scope == ScopeAccount && len(s.URLs) > 0 {
		return errBeyondAccount
	}
	return f.decode("resolveAll", &s.ResolveAll)
}

// pace is how often the servers are read.
func (f jsonFields) pace(s *Settings) error {
	s.SyncEvery = DefaultSyncEvery
	if s.NATS.Scope == ScopeAccount {
		s.SyncEvery = DefaultAccountSyncEvery
	}
	if err := f.decode("syncEvery", &s.SyncEvery); err != nil {
		return err
	}
	if err := f.decode("backgroundSync", &s.BackgroundSync); err != nil {
		return fmt.Errorf("%w; remove it to turn it off", err)
	}
	return nil
}

func (f jsonFields) keep(k *Keep) error {
	*k = Keep{Age: DefaultKeepAge}
	if err := f.decode("keep.age", &k.Age); err != nil {
		return err
	}
	count := float64(DefaultKeepCount)
	if err := f.decode("keep.count", &count); err != nil {
		return err
	}
	if count != math.Trunc(count) || count < MinKeepCount || count > MaxKeepCount {
		return fmt.Errorf("%s must be a whole number from %d to %d", called("keep.count"), MinKeepCount, MaxKeepCount)
	}
	k.Count = int(count)
	return nil
}

func (f jsonFields) appPatterns(s *Settings) error {
	if err := f.decode("appPatterns", &s.AppPatterns); err != nil {
		return err
	}
	for i, pattern := range s.AppPatterns {
		if _, err := regexp.Compile(pattern); err != nil {
			return fmt.Errorf("%s is not a regular expression that RE2 understands: %w", calledAt("appPatterns", i), err)
		}
	}
	return nil
}

// classOverrides lets unknown reasons pass: a newer server may give them.
func (f jsonFields) classOverrides(s *Settings) error {
	if err := f.decode("classOverrides", &s.ClassOverrides); err != nil {
		return err
	}
	for _, text := range slices.Sorted(maps.Keys(s.ClassOverrides)) {
		switch class := s.ClassOverrides[text]; reason.Class(class) {
		case reason.Planned, reason.Unexpected:
		default:
			return fmt.Errorf("classOverrides[%q] must be %q or %q, not %q", text, reason.Planned, reason.Unexpected, class)
		}
	}
	return nil
}

func (f jsonFields) links(s *Settings) error { return f.decode("links", &s.Links) }

func (f jsonFields) thresholds(s *Settings) error {
	var changed map[string]map[string]float64
	if err := f.decode("findings", &changed); err != nil {
		return err
	}
	var err error
	if s.Thresholds, err = finding.NewThresholds(changed); err != nil {
		return fmt.Errorf("findings: %w", err)
	}
	return nil
}

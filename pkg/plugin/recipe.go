package plugin

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"

	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/settings"
	"github.com/natsops/nats-connections-datasource/pkg/telemetry"
)

// recipe is what the settings of one instance say of how to read and remember.
type recipe struct {
	place place
	name  string
	// updated is when the settings were saved.
	updated    time.Time
	settings   settings.Settings
	options    httpclient.Options
	apps       *app.Namer
	classifier *reason.Classifier
	sight      sight
	wiring     digest
}

// place is which data source it is: a uid is unique within its tenant only.
type place struct {
	tenant tenant
	uid    string
}

// digest stands for texts of which some are secret; it is never shown or kept
// anywhere but in memory.
type digest [sha256.Size]byte

// sight is which records may be seen, along each way, and in the history: what
// was learned from a stream may be shown to whoever may read that stream.
type sight map[string]view

// What stands among the ways.
const (
	ofHistory = "history"
	// ofCaptured and a stream's name: what others captured there.
	ofCaptured = "captured "
	// ofPeople: users' names and addresses may be seen.
	ofPeople = "people"
)

// view is whose records may be seen along one way.
type view struct {
	// servers are the addresses, sorted.
	servers []string
	login   digest
}

// includes reports whether all that other shows may be seen here, too.
func (s sight) includes(other sight) bool {
	for way, theirs := range other {
		ours, is := s[way]
		if !is || ours.login != theirs.login {
			return false
		}
		for _, server := range theirs.servers {
			if _, found := slices.BinarySearch(ours.servers, server); !found {
				return false
			}
		}
	}
	return true
}

// newRecipe reads an instance's settings; each error is the user's to mend.
func newRecipe(ctx context.Context, instance backend.DataSourceInstanceSettings) (*recipe, error) {
	parsed, err := settings.Parse(instance)
	if err != nil {
		return nil, err
	}
	apps, err := app.NewNamer(patterns(parsed))
	if err != nil {
		return nil, err
	}
	options, err := settings.HTTPOptions(ctx, instance, parsed)
	if err != nil {
		return nil, err
	}
	r := &recipe{
		place: place{tenantOf(backend.PluginConfigFromContext(ctx)), instance.UID}, name: instance.Name, updated: instance.Updated,
		settings: parsed, options: options, apps: apps, classifier: reason.NewClassifier(classes(parsed)),
	}
	if r.sight, err = sightOf(parsed, options); err != nil {
		return nil, err
	}
	if r.wiring, err = digestOf(parsed.URLs, parsed.ResolveAll, parsed.NATS, parsed.History, pastOf(parsed), parsed.Private,
		options.BasicAuth, options.TLS, options.Header, options.Timeouts, options.ProxyOptions, options.SigV4); err != nil {
		return nil, err
	}
	return r, nil
}

// pastOf is how far back a history is read.
func pastOf(s settings.Settings) time.Duration {
	if len(s.History.Servers) == 0 {
		return 0
	}
	return s.Keep.Age
}

// id is how metrics call the data source.
func (r *recipe) id() telemetry.ID {
	return telemetry.ID{Org: r.place.tenant.String(), UID: r.place.uid}
}

func sightOf(s settings.Settings, options httpclient.Options) (sight, error) {
	seen := sight{}
	for _, k := range wayKinds {
		if servers := k.servers(s); len(servers) > 0 {
			login, err := digestOf(k.login(options, s)...)
			if err != nil {
				return nil, err
			}
			seen[k.kind] = view{slices.Sorted(slices.Values(servers)), login}
		}
	}
	if !s.Private {
		seen[ofPeople] = view{}
	}
	if h := s.History; len(h.Servers) > 0 {
		// Writing and making the stream show nothing to anybody.
		login, err := digestOf(append(loginOf(h.Client, options), h.Stream, h.Prefix)...)
		if err != nil {
			return nil, err
		}
		seen[ofHistory] = view{slices.Sorted(slices.Values(h.Servers)), login}
		if h.Captured != "" {
			seen[ofCaptured+h.Captured] = seen[ofHistory]
		}
	}
	return seen, nil
}

func digestOf(parts ...any) (digest, error) {
	text, err := json.Marshal(parts)
	if err != nil {
		return digest{}, fmt.Errorf("the settings cannot be compared: %w", err)
	}
	return sha256.Sum256(text), nil
}

func patterns(s settings.Settings) []string {
	if s.AppPatterns == nil {
		return app.DefaultPatterns()
	}
	return s.AppPatterns
}

func classes(s settings.Settings) map[string]reason.Class {
	overrides := make(map[string]reason.Class, len(s.ClassOverrides))
	for text, class := range s.ClassOverrides {
		overrides[text] = reason.Class(class)
	}
	return overrides
}

// tenant is whose a data source is. Grafana tells the organisation's number,
// the namespace, or both; where many stacks share one process, the number alone
// is the same for all.
type tenant struct {
	namespace string
	org       int64
}

// tenantOf reads the number as Grafana sent it: the SDK recommends the namespace
// instead, which Grafana 12 leaves empty.
func tenantOf(of backend.PluginContext) tenant {
	return tenant{of.Namespace, backend.ToProto().PluginContext(of).GetOrgId()}
}

// String is the number that Grafana shows for the organisation, or else its
// namespace.
func (t tenant) String() string {
	number := strconv.FormatInt(t.org, 10)
	if own := []string{"", "default", "org-" + number}; t.org != 0 && slices.Contains(own, t.namespace) {
		return number
	}
	return t.namespace
}

// ID is the plugin's id in Grafana and in its catalog.
const ID = "natsops-connections-datasource"

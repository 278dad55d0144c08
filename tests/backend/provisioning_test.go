package backend_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/natsops/nats-connections-datasource/pkg/query"
	"github.com/natsops/nats-connections-datasource/pkg/settings"
)

const (
	dashboardFile  = "dashboards/nats-connections.json"
	alertingFile   = "alerting/nats-connections.yaml"
	datasourceFile = "datasources/nats-connections.yaml"
)

// provisioned reads a file below provisioning/; YAML's reader takes JSON, too.
func provisioned(t *testing.T, file string, into any) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(repository, "provisioning", filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(content, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// queriesIn finds our queries, wherever in a document they are.
func queriesIn(value any) []map[string]any {
	var found []map[string]any
	switch value := value.(type) {
	case map[string]any:
		if value["version"] != nil && value["queryType"] != nil {
			found = append(found, value)
		}
		for _, inner := range value {
			found = append(found, queriesIn(inner)...)
		}
	case []any:
		for _, inner := range value {
			found = append(found, queriesIn(inner)...)
		}
	}
	return found
}

// check parses a query as the backend does, and holds it against the schema that ships with the plugin.
func check(t *testing.T, schema *jsonschema.Schema, stored map[string]any) (query.Query, error) {
	t.Helper()
	raw, err := json.Marshal(stored)
	if err != nil {
		t.Fatal(err)
	}
	parsed, parseErr := query.Parse(raw)
	var plain any
	if err := json.Unmarshal(raw, &plain); err != nil {
		t.Fatal(err)
	}
	return parsed, errors.Join(parseErr, schema.Validate(plain))
}

func querySchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(repository, "src", "schema", "query.json"))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestEveryProvisionedQueryIsValid(t *testing.T) {
	schema := querySchema(t)
	for file, atLeast := range map[string]int{dashboardFile: 15, alertingFile: 5} {
		var document any
		provisioned(t, file, &document)
		queries := queriesIn(document)
		if len(queries) < atLeast {
			t.Errorf("%s: only %d queries were found", file, len(queries))
		}
		for _, stored := range queries {
			parsed, err := check(t, schema, stored)
			if err != nil {
				t.Errorf("%s: %v: %v", file, stored, err)
			}
			if file == alertingFile && parsed.View != query.Totals {
				t.Errorf("%s: %v would need a reduce expression", file, stored)
			}
		}
	}
}

func TestBadQueriesAreNoticed(t *testing.T) {
	schema := querySchema(t)
	for name, stored := range map[string]map[string]any{
		"unknown type":     {"version": 1, "queryType": "leaves"},
		"unknown view":     {"version": 1, "queryType": "servers", "view": "logs"},
		"unknown key":      {"version": 1, "queryType": "stops", "groupBy": []any{"colour"}},
		"key of another":   {"version": 1, "queryType": "servers", "groupBy": []any{"reason"}},
		"unknown operator": {"version": 1, "queryType": "stops", "filters": []any{map[string]any{"key": "ip", "operator": "~", "values": []any{"x"}}}},
		"empty filter":     {"version": 1, "queryType": "stops", "filters": []any{map[string]any{"key": "ip", "operator": "=", "values": []any{}}}},
		"unknown sort":     {"version": 1, "queryType": "stops", "view": "records", "sort": map[string]any{"by": "luck", "desc": true}},
		"limit":            {"version": 1, "queryType": "stops", "limit": -1},
		"version":          {"version": query.Version + 1, "queryType": "stops"},
		"values of what":   {"version": 1, "queryType": "values"},
	} {
		raw, err := json.Marshal(stored)
		if err != nil {
			t.Fatal(err)
		}
		var plain any
		if err := json.Unmarshal(raw, &plain); err != nil {
			t.Fatal(err)
		}
		if _, err := query.Parse(raw); err == nil {
			t.Errorf("%s: parsed", name)
		}
		if schema.Validate(plain) == nil {
			t.Errorf("%s: allowed by the schema", name)
		}
	}
}

func TestProvisionedDatasourceIsValid(t *testing.T) {
	var document struct {
		Datasources []struct {
			UID, Type string
			JSONData  map[string]any `yaml:"jsonData"`
		}
	}
	provisioned(t, datasourceFile, &document)
	if len(document.Datasources) != 1 {
		t.Fatalf("%d data sources", len(document.Datasources))
	}
	one := document.Datasources[0]
	raw, err := json.Marshal(one.JSONData)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := settings.Parse(backend.DataSourceInstanceSettings{UID: one.UID, Type: one.Type, JSONData: raw})
	if err != nil || parsed.Usable() != nil {
		t.Errorf("settings: %v, %v", err, parsed.Usable())
	}
}

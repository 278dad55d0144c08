package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/query"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/settings"
)

const repository = "../.."

func TestEveryLinkOfTheCatalogueIsAHeadingOfThePage(t *testing.T) {
	page := reasonsPage()
	for _, one := range reason.Catalogue() {
		address, anchor, _ := strings.Cut(one.Link, "#")
		if !strings.HasSuffix(address, "/docs/reasons.md") {
			t.Errorf("%s links to %s", one.Text, one.Link)
		}
		heading := "\n## " + one.Text + "\n"
		if strings.Count(page, heading) != 1 || reason.Anchor(one.Text) != anchor {
			t.Errorf("%s: no heading for #%s", one.Text, anchor)
		}
		for _, text := range []string{one.Meaning, one.Remedy} {
			if !strings.Contains(page, text) {
				t.Errorf("%s: the page lacks %q", one.Text, text)
			}
		}
	}
}

func TestEveryRuleIsAHeadingOfThePage(t *testing.T) {
	page := findingsPage()
	for _, rule := range finding.Catalogue() {
		_, anchor, _ := strings.Cut(rule.Link(), "#")
		if strings.Count(page, "\n## "+rule.Title+"\n") != 1 || reason.Anchor(rule.Title) != anchor {
			t.Errorf("%s: no heading for #%s", rule.ID, anchor)
		}
		for _, text := range []string{rule.Meaning, rule.Remedy, rule.Step} {
			if text == "" || !strings.Contains(page, text) {
				t.Errorf("%s: the page lacks %q", rule.ID, text)
			}
		}
		for _, threshold := range rule.Thresholds {
			if !strings.Contains(page, threshold.Means) {
				t.Errorf("%s: the page lacks %q", rule.ID, threshold.Means)
			}
		}
	}
}

func TestEveryLossHasWords(t *testing.T) {
	for _, one := range reason.Catalogue() {
		if told := losses[one.Loss]; told.cell == "" || told.sentence == "" {
			t.Errorf("%s: no words for the loss %q", one.Text, one.Loss)
		}
	}
}

func TestSchemaAllowsWhatTheSpecsAllow(t *testing.T) {
	content, err := schemaJSON(repository)
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		OneOf       []map[string]string
		Definitions map[query.Type]struct {
			Properties map[string]struct {
				Const any
				Enum  []string
				Items struct {
					Enum       []string
					Properties map[string]struct{ Enum []string }
				}
				Maximum    int
				Properties map[string]struct{ Enum []string }
			}
		}
	}
	if err := json.Unmarshal([]byte(content), &schema); err != nil {
		t.Fatal(err)
	}
	if len(schema.OneOf) != len(query.Specs()) {
		t.Errorf("%d alternatives for %d query types", len(schema.OneOf), len(query.Specs()))
	}
	for queryType, spec := range query.Specs() {
		properties := schema.Definitions[queryType].Properties
		same(t, queryType, "queryType", []string{string(queryType)}, []string{properties["queryType"].Const.(string)})
		same(t, queryType, "filters", words(spec.Keys), properties["filters"].Items.Properties["key"].Enum)
		if properties["limit"].Maximum != query.MaxLimit {
			t.Errorf("%s: limit %d", queryType, properties["limit"].Maximum)
		}
		if queryType == query.Values {
			same(t, queryType, "key", words(spec.Keys), properties["key"].Enum)
			continue
		}
		same(t, queryType, "view", words(spec.Views), properties["view"].Enum)
		same(t, queryType, "metric", words(spec.Metrics), properties["metric"].Enum)
		same(t, queryType, "groupBy", words(spec.Keys), properties["groupBy"].Items.Enum)
		for _, columns := range spec.Sorts {
			for _, column := range columns {
				if !slices.Contains(properties["sort"].Properties["by"].Enum, column) {
					t.Errorf("%s cannot be sorted by %s", queryType, column)
				}
			}
		}
	}
}

func same(t *testing.T, queryType query.Type, property string, want, got []string) {
	t.Helper()
	if !slices.Equal(want, got) {
		t.Errorf("%s.%s: schema allows %q, the spec %q", queryType, property, got, want)
	}
}

func TestModelHasEveryFieldOfAQuery(t *testing.T) {
	model, err := modelTS(repository)
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(model, "export interface Query {\n")
	body, _, _ = strings.Cut(body, "\n}")
	var fields []string
	for _, match := range regexp.MustCompile(`(?m)^(\w+\??: .+);$`).FindAllStringSubmatch(body, -1) {
		fields = append(fields, match[1])
	}
	want := []string{
		"version: number", "queryType: QueryType", "view?: View", "metric?: Metric", "groupBy?: Key[]",
		"filters?: Filter[]", "sort?: Sort", "limit?: number", "interval?: string", "change?: boolean",
		"live?: boolean", "coverageShown?: boolean", "timezone?: string", "key?: Key",
	}
	if !slices.Equal(fields, want) {
		t.Errorf("fields %q, want %q", fields, want)
	}
}

// TestEverySettingIsOnTheOtherSide: one that is added to the Go table is in the
// browser's types and on the page, of a type that says what it is.
func TestEverySettingIsOnTheOtherSide(t *testing.T) {
	module, err := os.ReadFile(filepath.Join(repository, "src", "settings", "settings.gen.ts"))
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(repository, filepath.FromSlash(provisionPage)))
	if err != nil {
		t.Fatal(err)
	}
	members := map[string]int{}
	for _, key := range settings.Keys() {
		if !strings.Contains(string(page), "| `"+key.Name+"` ") {
			t.Errorf("%s is not in %s", key.Name, provisionPage)
		}
		if settingType(key) == "" {
			t.Errorf("%s is a %s, which is no type there", key.Name, key.Kind)
		}
		if key.Place == settings.InJSON {
			members[key.Name[strings.LastIndex(key.Name, ".")+1:]]++
		}
	}
	// The name of a host is a member of each connection, and so on.
	for member, times := range members {
		if declared := strings.Count(string(module), fmt.Sprintf("\n  %s?: ", member)); declared < times {
			t.Errorf("%s is declared in TypeScript %d times, want %d", member, declared, times)
		}
	}
}

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/query"
)

// schemaJSON is the query's JSON schema: one alternative per query type. Other
// fields are allowed beside ours because Grafana writes its own into queries.
func schemaJSON(root string) (string, error) {
	of, err := readSource(root, "pkg/query")
	if err != nil {
		return "", err
	}
	types, err := queryTypes(of)
	if err != nil {
		return "", err
	}
	schema := object{
		{"$schema", "http://json-schema.org/draft-07/schema#"},
		{"$id", "https://github.com/natsops/nats-connections-datasource/blob/main/src/schema/query.json"},
		{"title", "NATS Connections query"},
		{"description", "A query as it is stored in dashboards and alert rules, its variables replaced."},
		{"oneOf", references(types)},
		{"definitions", definitions(types, of)},
	}
	return literal(schema), nil
}

func references(types []query.Type) []any {
	var all []any
	for _, queryType := range types {
		all = append(all, object{{"$ref", "#/definitions/" + string(queryType)}})
	}
	return all
}

func definitions(types []query.Type, of source) object {
	var all object
	for _, queryType := range types {
		all = append(all, member{string(queryType), alternative(queryType, of)})
	}
	return all
}

func alternative(queryType query.Type, of source) object {
	spec := query.Specs()[queryType]
	properties := object{
		{"version", object{{"const", query.Version}}},
		{"queryType", object{{"const", string(queryType)}}},
	}
	required := []any{"queryType"}
	if queryType == query.Values {
		properties = append(properties, member{"key", choice(words(spec.Keys), of.comments["Query.Key"])})
		required = append(required, "key")
	} else {
		properties = append(properties, answerProperties(queryType, spec, of)...)
	}
	properties = append(properties, member{"filters", filters(spec.Keys, of)}, member{"limit", limit(of)})
	return object{{"type", "object"}, {"properties", properties}, {"required", required}}
}

func answerProperties(queryType query.Type, spec query.Spec, of source) object {
	properties := object{
		{"view", choice(words(spec.Views), of.comments["View"])},
		{"metric", choice(words(spec.Metrics), of.comments["Metric"])},
		{"groupBy", object{
			{"type", "array"},
			{"description", "The group's keys; an empty list asks for one number, none for the default."},
			{"items", choice(words(spec.Keys), "")},
			{"uniqueItems", true},
			{"default", list(spec.GroupBy)},
		}},
	}
	if sorts := sortColumns(spec, of.constants["View"]); len(sorts) > 0 {
		properties = append(properties, member{"sort", object{
			{"type", "object"},
			{"description", of.comments["Sort"]},
			{"properties", object{{"by", choice(sorts, "")}, {"desc", object{{"type", "boolean"}}}}},
			{"required", []any{"by"}},
			{"additionalProperties", false},
		}})
	}
	if queryType == query.Stops {
		properties = append(properties, member{"change", object{
			{"type", "boolean"},
			{"description", of.comments["Query.Change"]},
			{"default", false},
		}})
	}
	if slices.Contains(spec.Views, query.TimeSeries) {
		properties = append(properties, member{"interval", object{
			{"type", "string"},
			{"description", of.comments["Query.Interval"]},
			{"default", query.AutoInterval},
		}})
	}
	return properties
}

// sortColumns lists what any view can be sorted by.
func sortColumns(spec query.Spec, views []string) []string {
	var columns []string
	for _, view := range views {
		for _, column := range spec.Sorts[query.View(view)] {
			if !slices.Contains(columns, column) {
				columns = append(columns, column)
			}
		}
	}
	return columns
}

func filters(keys []fields.Key, of source) object {
	return object{
		{"type", "array"},
		{"description", "What to keep; several are joined by AND."},
		{"items", object{
			{"type", "object"},
			{"description", of.comments["Filter"]},
			{"properties", object{
				{"key", choice(words(keys), "")},
				{"operator", choice(of.constants["Operator"], "Regular expressions are RE2 and match the whole value.")},
				{"values", object{{"type", "array"}, {"items", object{{"type", "string"}}}, {"minItems", 1}}},
			}},
			{"required", []any{"key", "operator", "values"}},
			{"additionalProperties", false},
		}},
	}
}

func limit(of source) object {
	return object{
		{"type", "integer"},
		{"description", fmt.Sprintf("%s By default %d rows or %d groups.",
			of.comments["Query.Limit"], query.DefaultRows, query.DefaultGroups)},
		{"minimum", 1},
		{"maximum", query.MaxLimit},
	}
}

// choice is one of several words, the first of which is the default.
func choice(allowed []string, description string) object {
	schema := object{{"type", "string"}}
	if text := strings.TrimSpace(description); text != "" {
		schema = append(schema, member{"description", text})
	}
	return append(schema, member{"enum", list(allowed)})
}

package main

import (
	"fmt"
	"slices"

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
	var alternatives []object
	var definitions object
	for _, queryType := range types {
		alternatives = append(alternatives, object{{"$ref", "#/definitions/" + string(queryType)}})
		definitions = append(definitions, member{string(queryType), alternative(queryType, of)})
	}
	return literal(object{
		{"$schema", "http://json-schema.org/draft-07/schema#"},
		{"$id", "https://github.com/natsops/nats-connections-datasource/blob/main/src/schema/query.json"},
		{"title", "NATS Connections query"},
		{"description", "A query as it is stored in dashboards and alert rules, its variables replaced."},
		{"oneOf", alternatives},
		{"definitions", definitions},
	}), nil
}

func alternative(queryType query.Type, of source) object {
	spec := query.Specs()[queryType]
	properties := object{
		{"version", object{{"const", query.Version}}},
		{"queryType", object{{"const", string(queryType)}}},
	}
	required := []string{"queryType"}
	if queryType == query.Values {
		properties = append(properties, member{"key", choice(spec.Keys, of.comments["Query.Key"])})
		required = append(required, "key")
	} else {
		properties = append(properties, answerProperties(queryType, spec, of)...)
	}
	properties = append(properties, member{"filters", filters(spec.Keys, of)}, member{"limit", limit(of)})
	return object{{"type", "object"}, {"properties", properties}, {"required", required}}
}

func answerProperties(queryType query.Type, spec query.Spec, of source) object {
	properties := object{
		{"view", choice(spec.Views, of.comments["View"])},
		{"metric", choice(spec.Metrics, of.comments["Metric"])},
		{"groupBy", described("array", "The group's keys; an empty list asks for one number, none for the default.",
			member{"items", choice(spec.Keys, "")}, member{"uniqueItems", true}, member{"default", spec.GroupBy})},
	}
	if sorts := sortColumns(spec, of.constants["View"]); len(sorts) > 0 {
		by := object{{"by", choice(sorts, "")}, {"desc", described("boolean", "")}}
		properties = append(properties, member{"sort", closed(of.comments["Sort"], by, "by")})
	}
	if queryType == query.Stops {
		change := described("boolean", of.comments["Query.Change"], member{"default", false})
		live := described("boolean", of.comments["Query.Live"], member{"default", false})
		properties = append(properties, member{"change", change}, member{"live", live})
	}
	if queryType == query.Stops || queryType == query.Servers {
		shown := described("boolean", of.comments["Query.CoverageShown"], member{"default", false})
		properties = append(properties, member{"coverageShown", shown})
	}
	if slices.Contains(spec.Views, query.TimeSeries) {
		interval := described("string", of.comments["Query.Interval"], member{"default", query.AutoInterval})
		properties = append(properties, member{"interval", interval})
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
	values := described("array", "", member{"items", described("string", "")}, member{"minItems", 1})
	filter := closed(of.comments["Filter"], object{
		{"key", choice(keys, "")},
		{"operator", choice(of.constants["Operator"], "Regular expressions are RE2 and match the whole value.")},
		{"values", values},
	}, "key", "operator", "values")
	return described("array", "What to keep; several are joined by AND.", member{"items", filter})
}

func limit(of source) object {
	text := fmt.Sprintf("%s By default %d rows or %d groups.", of.comments["Query.Limit"], query.DefaultRows, query.DefaultGroups)
	return described("integer", text, member{"minimum", 1}, member{"maximum", query.MaxLimit})
}

// closed is an object with these members and no others.
func closed(description string, properties object, required ...string) object {
	return described("object", description,
		member{"properties", properties}, member{"required", required}, member{"additionalProperties", false})
}

// choice is one of several words, the first of which is the default.
func choice[T ~string](allowed []T, description string) object {
	return described("string", description, member{"enum", allowed})
}

// described is the schema of a value; no description leaves that out.
func described(kind, description string, more ...member) object {
	schema := object{{"type", kind}}
	if description != "" {
		schema = append(schema, member{"description", description})
	}
	return append(schema, more...)
}

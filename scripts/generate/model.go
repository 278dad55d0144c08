package main

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/query"
)

// modelTS is the query model for the browser.
func modelTS(root string) (string, error) {
	of, err := readSource(root, "pkg/query")
	if err != nil {
		return "", err
	}
	types, err := queryTypes(of)
	if err != nil {
		return "", err
	}
	m := newModule()
	m.union("QueryType", "What a query asks about.", of.constants["Type"])
	m.union("View", of.comments["View"], of.constants["View"])
	m.union("Metric", of.comments["Metric"], metrics(types))
	m.union("Operator", of.comments["Operator"], of.constants["Operator"])
	m.union("Key", "A dimension that records are grouped and filtered by; also a label and a column name.", words(fields.Keys()))
	for _, structure := range []any{query.Filter{}, query.Sort{}, query.Query{}, query.Part{}, query.Spec{}} {
		if err := m.structure(reflect.TypeOf(structure), of); err != nil {
			return "", err
		}
	}
	m.constant("VERSION", "", "The newest query version this build understands.", query.Version)
	m.constant("KEYS", "Key[]", "Every key, in the order in which editors list them.", fields.Keys())
	m.constant("KEY_WORDS", "Record<Key, { group: string; description: string }>",
		"What a key tells; it is shown by its own name, since that is also the label's and the column's.", keyWords())
	m.constant("METRIC_WORDS", "Record<Metric, { label: string; description: string }>",
		"What people call a number, and what it means.", metricWords(types))
	m.constant("OPERATORS", "Operator[]", "", of.constants["Operator"])
	m.constant("SPECS", "Record<QueryType, Spec>", "What each query type allows.", specs(types, of.constants["View"]))
	m.constant("DEFAULT_GROUPS", "", "", query.DefaultGroups)
	m.constant("DEFAULT_ROWS", "", "", query.DefaultRows)
	m.constant("MAX_LIMIT", "", "", query.MaxLimit)
	m.constant("MAX_ALERT_GROUPS", "", "", query.MaxAlertGroups)
	m.constant("MAX_BUCKETS", "", "", query.MaxBuckets)
	m.constant("DEFAULT_APP_PATTERNS", "", "What is cut from client names when a data source sets no patterns.", app.DefaultPatterns())
	return m.String(), nil
}

// queryTypes lists the types in the order of their constants.
func queryTypes(of source) ([]query.Type, error) {
	specs := query.Specs()
	var types []query.Type
	for _, word := range of.constants["Type"] {
		if _, known := specs[query.Type(word)]; !known {
			return nil, fmt.Errorf("query type %q has no spec", word)
		}
		types = append(types, query.Type(word))
	}
	if len(types) != len(specs) {
		return nil, fmt.Errorf("%d query types have a spec, %d a constant", len(specs), len(types))
	}
	return types, nil
}

// metrics lists every metric of any query type once.
func metrics(types []query.Type) []string {
	var all []string
	for _, queryType := range types {
		for _, metric := range query.Specs()[queryType].Metrics {
			if !slices.Contains(all, string(metric)) {
				all = append(all, string(metric))
			}
		}
	}
	return all
}

func specs(types []query.Type, views []string) object {
	var all object
	for _, queryType := range types {
		spec := query.Specs()[queryType]
		sorts, fewer := object{}, object{}
		for _, view := range views {
			if columns := spec.Sorts[query.View(view)]; len(columns) > 0 {
				sorts = append(sorts, member{view, columns})
			}
			if part, is := spec.Fewer[query.View(view)]; is {
				fewer = append(fewer, member{view, object{{"metrics", part.Metrics}, {"keys", part.Keys}}})
			}
		}
		all = append(all, member{string(queryType), object{
			{"views", spec.Views},
			{"metrics", spec.Metrics},
			{"groupBy", spec.GroupBy},
			{"keys", spec.Keys},
			{"fewer", fewer},
			{"sorts", sorts},
		}})
	}
	return all
}

func words[T ~string](typed []T) []string {
	plain := make([]string, len(typed))
	for i, word := range typed {
		plain[i] = string(word)
	}
	return plain
}

func keyWords() object {
	var all object
	for i := range fields.Dimensions {
		d := &fields.Dimensions[i]
		all = append(all, member{string(d.Key), object{{"group", d.Group}, {"description", d.Help}}})
	}
	return all
}

func metricWords(types []query.Type) object {
	var all object
	for _, name := range metrics(types) {
		m := fields.MeasureOf(name)
		all = append(all, member{name, object{{"label", m.Heading}, {"description", m.Help}}})
	}
	return all
}

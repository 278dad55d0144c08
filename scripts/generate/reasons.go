package main

import (
	"reflect"

	"github.com/natsops/nats-connections-datasource/pkg/frames"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// reasonsTS is the catalogue for the browser.
func reasonsTS(root string) (string, error) {
	of, err := readSource(root, "pkg/reason")
	if err != nil {
		return "", err
	}
	m := newModule()
	for _, union := range []string{"Class", "Severity", "Category", "Loss"} {
		m.union(union, of.comments[union], of.constants[union])
	}
	if err := m.structure(reflect.TypeOf(reason.Reason{}), of); err != nil {
		return "", err
	}
	m.constant("REASONS", "Reason[]", "Every reason a server can give.", reasonObjects())
	m.constant("SEVERITY_COLOURS", "Record<Severity, string>",
		"A severity's colour wherever it is shown.", severityColours(of.constants["Severity"]))
	return m.String(), nil
}

func reasonObjects() []any {
	var all []any
	for _, one := range reason.Catalogue() {
		value, structure := reflect.ValueOf(one), reflect.TypeOf(one)
		var fields object
		for i := range structure.NumField() {
			if name := structure.Field(i).Tag.Get("json"); name != "-" {
				fields = append(fields, member{name, value.Field(i).Interface()})
			}
		}
		all = append(all, fields)
	}
	return all
}

func severityColours(severities []string) object {
	var colours object
	for _, severity := range severities {
		colours = append(colours, member{severity, frames.SeverityColour(reason.Severity(severity))})
	}
	return colours
}

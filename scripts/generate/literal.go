package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// object keeps its members in order, as readers should meet them.
type object []member

type member struct {
	name  string
	value any
}

// literal is v as JSON, which TypeScript reads too; prettier lays it out. An
// object begins a line for its first member, so that prettier gives each a line.
func literal(v any) string {
	if members, ok := v.(object); ok {
		var lines []string
		for _, m := range members {
			lines = append(lines, "\n"+quoted(m.name)+": "+literal(m.value))
		}
		return "{" + strings.Join(lines, ",") + "}"
	}
	value := reflect.ValueOf(v)
	switch value.Kind() {
	case reflect.Slice:
		var elements []string
		for i := range value.Len() {
			elements = append(elements, literal(value.Index(i).Interface()))
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case reflect.String:
		return quoted(value.String())
	default:
		return fmt.Sprint(v)
	}
}

// quoted is text as JSON, without escaping what HTML alone would need.
func quoted(text string) string {
	var buffer strings.Builder
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		return fmt.Sprintf("%q", text)
	}
	return strings.TrimSuffix(buffer.String(), "\n")
}

// union is one of several words in TypeScript.
func union[T ~string](words []T) string {
	var alternatives []string
	for _, word := range words {
		alternatives = append(alternatives, quoted(string(word)))
	}
	return strings.Join(alternatives, " | ")
}

package main

import (
	"encoding/json"
	"fmt"
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
	switch v := v.(type) {
	case object:
		members := make([]string, len(v))
		for i, m := range v {
			members[i] = "\n" + quoted(m.name) + ": " + literal(m.value)
		}
		return "{" + strings.Join(members, ",") + "}"
	case []any:
		elements := make([]string, len(v))
		for i, element := range v {
			elements[i] = literal(element)
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case string:
		return quoted(v)
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

// list is any slice of words as a literal's array.
func list[T ~string](words []T) []any {
	values := make([]any, len(words))
	for i, word := range words {
		values[i] = string(word)
	}
	return values
}

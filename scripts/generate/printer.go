package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// object keeps its members in order, as readers should meet them.
type object []member

type member struct {
	name  string
	value any
}

// printer lays values out exactly as prettier would, so that generated files
// pass the same check as written ones without prettier being started.
type printer struct {
	script bool // TypeScript rather than JSON
}

const (
	maxWidth     = 120
	maxShortName = 4
)

// value prints v as it stands after prefix on a line indented by indent.
func (p printer) value(v any, indent, prefix string) string {
	switch v := v.(type) {
	case object:
		return p.object(v, indent)
	case []any:
		return p.array(v, indent, prefix)
	case string:
		return p.text(v)
	default:
		return fmt.Sprint(v)
	}
}

func (p printer) object(members object, indent string) string {
	if len(members) == 0 {
		return "{}"
	}
	inner := indent + "  "
	var lines []string
	for _, m := range members {
		prefix := inner + p.name(m.name) + ": "
		printed := p.value(m.value, inner, prefix)
		// A string has no place to break but before it, and that gains nothing behind a short name.
		_, isText := m.value.(string)
		if p.script && isText && width(m.name) > maxShortName && width(prefix+printed+",") > maxWidth {
			printed = "\n" + inner + "  " + printed
			prefix = strings.TrimRight(prefix, " ")
		}
		lines = append(lines, prefix+printed)
	}
	return "{\n" + strings.Join(lines, ",\n") + p.lastComma() + "\n" + indent + "}"
}

func (p printer) array(elements []any, indent, prefix string) string {
	inner := indent + "  "
	printed := make([]string, len(elements))
	for i, element := range elements {
		printed[i] = p.value(element, inner, inner)
	}
	oneLine := "[" + strings.Join(printed, ", ") + "]"
	if !strings.Contains(oneLine, "\n") && width(prefix+oneLine+",") <= maxWidth {
		return oneLine
	}
	separator := ",\n" + inner
	return "[\n" + inner + strings.Join(printed, separator) + p.lastComma() + "\n" + indent + "]"
}

func (p printer) lastComma() string {
	if p.script {
		return ","
	}
	return ""
}

var identifier = regexp.MustCompile(`^[A-Za-z_$][\w$]*$`)

func (p printer) name(name string) string {
	if p.script && identifier.MatchString(name) {
		return name
	}
	return p.text(name)
}

func (p printer) text(text string) string {
	double := quoted(text)
	if !p.script || strings.Count(text, "'") > strings.Count(text, `"`) {
		return double
	}
	inside := strings.ReplaceAll(double[1:len(double)-1], `\"`, `"`)
	return "'" + strings.ReplaceAll(inside, "'", `\'`) + "'"
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

func width(text string) int { return utf8.RuneCountInString(text) }

// list is any slice of words as a printable array.
func list[T ~string](words []T) []any {
	values := make([]any, len(words))
	for i, word := range words {
		values[i] = string(word)
	}
	return values
}

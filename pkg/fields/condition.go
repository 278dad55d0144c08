package fields

import (
	"regexp"
	"slices"
)

// Match decides about one value of a key.
type Match func(value string) bool

// Condition keeps the connections whose value of Key matches.
type Condition struct {
	Key   Key
	Match Match
	// Excludes: the condition admits all values but some.
	Excludes bool
	// Named are the values that the condition asks for by name; an answer
	// names them also when nothing has them.
	Named []string
}

// fewValues are looked through faster than looked up.
const fewValues = 8

// MatchOneOf matches any of the values.
func MatchOneOf(values []string) Match {
	if len(values) == 1 {
		only := values[0]
		return func(value string) bool { return value == only }
	}
	if len(values) <= fewValues {
		return func(value string) bool { return slices.Contains(values, value) }
	}
	set := make(map[string]struct{}, len(values))
	for _, value := range values {
		set[value] = struct{}{}
	}
	return func(value string) bool { _, in := set[value]; return in }
}

// MatchRegexp matches values that the RE2 expression describes as a whole.
func MatchRegexp(expression string) (Match, error) {
	// Compiled once as written, so that an unbalanced ")" cannot close the anchor's group.
	if _, err := regexp.Compile(expression); err != nil {
		return nil, err
	}
	anchored, err := regexp.Compile("^(?s:" + expression + ")$")
	if err != nil {
		return nil, err
	}
	return anchored.MatchString, nil
}

// Not turns a match around.
func Not(match Match) Match {
	return func(value string) bool { return !match(value) }
}

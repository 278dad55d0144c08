package query

import (
	"regexp"
	"slices"
	"strings"
)

// Grafana's three spellings of a variable. RE2's own [[:alpha:]] is none.
var braced = regexp.MustCompile(`\$\{\w+[^{}]*\}|\[\[\w+(?::\w+)?\]\]`)

// A dollar sign before a word can match nothing in a regular expression, so
// there it is a variable; written as a text it is \$ or [$].
var dollarWord = regexp.MustCompile(`\$[A-Za-z_]\w*`)

// systemAccounts are the names that NATS itself begins with a dollar sign.
var systemAccounts = []string{"$G", "$SYS"}

// checkVariables refuses what only the browser can replace. Whoever runs a
// stored query as it is, an alert rule or a public dashboard, would otherwise
// ask for a value of that name, find none, and look healthy.
func (f Filter) checkVariables() *Error {
	find := wholeVariable
	if f.Operator == Matches || f.Operator == MatchesNot {
		find = patternVariable
	}
	for _, value := range f.Values {
		found := find(value)
		switch {
		case found == "":
		case slices.Contains(systemAccounts, found):
			return fail("values", `%q matches nothing, since $ is the end of a text here; write \%s.`, found, found)
		default:
			return fail("values", "%q is a dashboard variable, which alert rules and public dashboards do not know; write the value.", found)
		}
	}
	return nil
}

func wholeVariable(value string) string {
	if found := braced.FindString(value); found != "" {
		return found
	}
	if dollarWord.FindString(value) == value && !slices.Contains(systemAccounts, value) {
		return value
	}
	return ""
}

func patternVariable(pattern string) string {
	// An escaped sign stands for itself, whatever follows it.
	bare := escaped.ReplaceAllStringFunc(pattern, func(pair string) string { return strings.Repeat("_", len(pair)) })
	for _, spelling := range []*regexp.Regexp{braced, dollarWord} {
		if at := spelling.FindStringIndex(bare); at != nil {
			return pattern[at[0]:at[1]]
		}
	}
	return ""
}

var escaped = regexp.MustCompile(`\\.`)

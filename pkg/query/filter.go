package query

import (
	"fmt"
	"strings"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
)

// condition compiles the filter; the error's field is relative to the filter.
func (f Filter) condition() (fields.Condition, *Error) {
	condition := fields.Condition{Key: f.Key}
	several := f.Operator == OneOf || f.Operator == NotOneOf
	switch {
	case len(f.Values) == 0:
		return condition, fail("values", "is empty; give %s a value or remove the filter.", f.Key)
	case len(f.Values) > 1 && !several:
		return condition, fail("values", "has %d values but %q takes one; use =| or !=|.", len(f.Values), f.Operator)
	}
	if err := f.checkVariables(); err != nil {
		return condition, err
	}
	switch f.Operator {
	case Equals, OneOf:
		condition.Match, condition.Named = alsoAsSeen(fields.MatchOneOf(f.Values)), f.Values
	case NotEquals, NotOneOf:
		condition.Match, condition.Excludes = fields.Not(alsoAsSeen(fields.MatchOneOf(f.Values))), true
	case Matches, MatchesNot:
		match, err := fields.MatchRegexp(f.Values[0])
		if err != nil {
			return condition, fail("values", "%q is not an RE2 regular expression; correct it.", f.Values[0])
		}
		match = alsoAsSeen(match)
		if f.Operator == MatchesNot {
			match, condition.Excludes = fields.Not(match), true
		}
		condition.Match = match
	default:
		return condition, fail("operator", "%q is unknown; use =, !=, =|, !=|, =~ or !~.", f.Operator)
	}
	return condition, nil
}

// alsoAsSeen matches a value as alerts write it, too, so that each label is a filter.
func alsoAsSeen(match fields.Match) fields.Match {
	return func(value string) bool {
		if match(value) {
			return true
		}
		label := strangers.Label(value)
		return label != value && match(label)
	}
}

// String is the filter as people write it.
func (f Filter) String() string {
	return fmt.Sprintf("%s %s %s", f.Key, f.Operator, strings.Join(f.Values, ", "))
}

// refused names the filter of the query at index, or the dashboard's, which is
// not to be found in the panel's query.
func (f Filter) refused(index int, err *Error) *Error {
	if f.AdHoc {
		return fail(fmt.Sprintf("The dashboard's filter %s cannot be used", f), "%s", err.Sentence)
	}
	return fail(fmt.Sprintf("filters[%d].%s", index, err.Field), "%s", err.Sentence)
}

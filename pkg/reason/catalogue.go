package reason

import (
	"slices"
	"strings"
)

// catalogue is read-only once the package is initialised.
var catalogue = withLinks(slices.Concat(
	deliveryReasons, authReasons, transportReasons, limitReasons,
	protocolReasons, lifecycleReasons, leafnodeReasons, clusterReasons,
	[]Reason{nameless},
))

var byText = positions(catalogue)

// Catalogue lists every reason a server can give, in an order that stays the
// same: what is investigated alike stands together, the commonest first.
func Catalogue() []Reason { return slices.Clone(catalogue) }

// Lookup tells what is known about a server's string.
func Lookup(text string) Reason {
	if i, known := byText[text]; known {
		return catalogue[i]
	}
	return unknown(text)
}

// Severity is the worst of the category's reasons; a category that nobody knows is
// as bad as an unknown reason.
func (c Category) Severity() Severity {
	worst := unknown("").Severity
	if i := slices.IndexFunc(catalogue, func(r Reason) bool { return r.Category == c }); i >= 0 {
		worst = Info
	}
	for i := range catalogue {
		if r := &catalogue[i]; r.Category == c && slices.Index(severities, r.Severity) > slices.Index(severities, worst) {
			worst = r.Severity
		}
	}
	return worst
}

var severities = []Severity{Info, Warning, Error, Critical}

// Anchor is the fragment that GitHub gives to a heading of the reason's name.
func Anchor(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-', r == '_', r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		default:
			return -1
		}
	}, strings.ToLower(text))
}

func withLinks(reasons []Reason) []Reason {
	for i := range reasons {
		reasons[i].Link = ReasonsPage + "#" + Anchor(reasons[i].Text)
	}
	return reasons
}

func positions(reasons []Reason) map[string]int {
	byText := make(map[string]int, len(reasons))
	for i, reason := range reasons {
		byText[reason.Text] = i
	}
	return byText
}

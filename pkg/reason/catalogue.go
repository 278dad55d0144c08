package reason

import (
	"slices"
	"strings"
)

// ReasonsPage is the page generated from the catalogue; each reason is a heading of it.
const ReasonsPage = "https://github.com/natsops/nats-connections-datasource/blob/main/docs/reasons.md"

// unknownState is what a server says when it does not know itself
// (nats-server.md#reasons-are-fixed-strings).
const unknownState = "Unknown State"

// catalogue is read-only once the package is initialised.
var catalogue = withLinks(slices.Concat(
	deliveryReasons, authReasons, transportReasons, limitReasons,
	protocolReasons, lifecycleReasons, leafnodeReasons, clusterReasons,
	[]Reason{{
		Text: unknownState, Category: CategoryUnknown, Class: Unexpected, Severity: Warning, Loss: LossMaybe, Listed: true,
		Meaning: "The server closed the connection without a reason that it could name.",
		Remedy:  "Look at the server's log around the time of the stop.",
	}},
))

var byText = positions(catalogue)

// Catalogue lists every reason a server can give, in an order that stays the
// same: what is investigated alike stands together, the commonest first.
func Catalogue() []Reason { return slices.Clone(catalogue) }

// Lookup tells what is known about a server's string. A string from a newer
// server than this build knows is shown as it came and counts as unexpected.
func Lookup(text string) Reason {
	if i, known := byText[text]; known {
		return catalogue[i]
	}
	return Reason{
		Text: text, Category: CategoryUnknown, Class: Unexpected, Severity: Warning, Loss: LossMaybe, Listed: true,
		Meaning: "This plugin does not know this reason; the server is probably newer than the plugin.",
		Remedy:  "Update the plugin, and look at the server's log around the time of the stop.",
		Link:    ReasonsPage,
	}
}

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

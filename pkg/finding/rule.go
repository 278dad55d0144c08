package finding

import "github.com/natsops/nats-connections-datasource/pkg/reason"

// Page is the page generated from the catalogue; each rule is a heading of it.
const Page = "https://github.com/natsops/nats-connections-datasource/blob/main/docs/findings.md"

// Rule is what people read of one rule.
type Rule struct {
	// ID is stable: it is a label, and stands in people's alert rules and settings.
	ID, Title string
	// Severity is the worst that its findings have.
	Severity reason.Severity
	// Thresholds decide when it speaks.
	Thresholds []Threshold
	Meaning    string
	Remedy     string
	// Step is what to type, or code to write.
	Step string
	// SystemOnly: the login of an ordinary account does not see what the rule needs.
	SystemOnly bool
}

// Threshold is a number that a rule goes by, with a default that settings change.
type Threshold struct {
	Name    string
	Default float64
	// Least and Most are what it may be.
	Least, Most float64
	Unit        string
	Means       string
}

// Link leads to the rule on the page.
func (r Rule) Link() string { return Page + "#" + reason.Anchor(r.Title) }

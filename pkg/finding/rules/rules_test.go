package rules

import (
	"slices"
	"testing"

	"github.com/natsops/nats-connections-datasource/pkg/finding"
)

// TestEveryRuleIsLookedFor: a rule of the catalogue that nobody looks for would
// be documented, and silent for ever.
func TestEveryRuleIsLookedFor(t *testing.T) {
	var looked []string
	for _, r := range rules {
		looked = append(looked, r.ids...)
	}
	for _, r := range ofServers {
		looked = append(looked, r.ids...)
	}
	slices.Sort(looked)
	if ids := finding.IDs(); !slices.Equal(looked, ids) {
		t.Errorf("looked for are %v, in the catalogue are %v", looked, ids)
	}
}

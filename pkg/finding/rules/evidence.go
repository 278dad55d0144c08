package rules

import (
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// mostValues is how many values of a key a condition has: it becomes an address.
const mostValues = 100

// withEvidence narrows the records that are evidence to some values of a key.
func withEvidence(one finding.Finding, key fields.Key, values ...string) finding.Finding {
	one.Evidence = append(one.Evidence, finding.Condition{Key: key, Values: values})
	return one
}

// ofCategory narrows them to reasons of a category.
func ofCategory(one finding.Finding, category reason.Category) finding.Finding {
	return withEvidence(one, fields.KeyCategory, string(category))
}

// among narrows them to the values of a key that stops have, unless these are too
// many to say.
func among(f *facts.Facts, one finding.Finding, key fields.Key, stops []*facts.Stop) finding.Finding {
	column := columns[key]
	seen := map[uint32]bool{}
	var values []string
	for _, s := range stops {
		number := column.number(s)
		if seen[number] {
			continue
		}
		if len(values) == mostValues {
			return one
		}
		seen[number] = true
		values = append(values, column.text(f, s))
	}
	return withEvidence(one, key, values...)
}

// columns are the keys by which evidence is told apart.
var columns = map[fields.Key]struct {
	number func(*facts.Stop) uint32
	text   func(*facts.Facts, *facts.Stop) string
}{
	fields.KeyReason: {
		func(s *facts.Stop) uint32 { return s.Reason },
		func(f *facts.Facts, s *facts.Stop) string { return f.Reason(s).Text },
	},
	fields.KeyApp:  {func(s *facts.Stop) uint32 { return s.App }, (*facts.Facts).App},
	fields.KeyName: {func(s *facts.Stop) uint32 { return s.Name }, (*facts.Facts).Name},
	fields.KeyUser: {func(s *facts.Stop) uint32 { return s.User }, (*facts.Facts).User},
	fields.KeyIP:   {byIP, (*facts.Facts).IP},
}

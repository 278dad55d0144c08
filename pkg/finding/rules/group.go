package rules

import (
	"cmp"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// subject is whom stops have in common, by the numbers of facts; what does not
// matter is the same for all.
type subject struct{ account, app, user, ip uint32 }

// grouped puts stops of the same subject together, in the order of the first.
func grouped(stops []*facts.Stop, of func(*facts.Stop) subject) [][]*facts.Stop {
	places := map[subject]int{}
	var groups [][]*facts.Stop
	for i := range stops {
		key := of(stops[i])
		place, known := places[key]
		if !known {
			place = len(groups)
			places[key] = place
			groups = append(groups, nil)
		}
		groups[place] = append(groups[place], stops[i])
	}
	return groups
}

// episodes parts stops where there was none for so long that a finding is over.
func episodes(stops []*facts.Stop) [][]*facts.Stop {
	var parts [][]*facts.Stop
	begin := 0
	for i := 1; i <= len(stops); i++ {
		if i == len(stops) || stops[i].At-stops[i-1].At > int64(finding.OverAfter) {
			parts = append(parts, stops[begin:i])
			begin = i
		}
	}
	return parts
}

// busiest is the most stops within any span of a length.
func busiest(stops []*facts.Stop, within time.Duration) int {
	most, from := 0, 0
	for to := range stops {
		for stops[to].At-stops[from].At >= int64(within) {
			from++
		}
		most = max(most, to-from+1)
	}
	return most
}

// distinct counts the values that stops have.
func distinct[V comparable](stops []*facts.Stop, of func(*facts.Stop) V) int64 {
	seen := map[V]struct{}{}
	for i := range stops {
		seen[of(stops[i])] = struct{}{}
	}
	return int64(len(seen))
}

// instance is one client of an app, by its name or else its address.
type instance struct{ name, ip uint32 }

func instanceOf(f *facts.Facts) func(*facts.Stop) instance {
	return func(s *facts.Stop) instance {
		if f.Unnamed(s) {
			return instance{ip: s.IP + 1}
		}
		return instance{name: s.Name + 1}
	}
}

func byServer(s *facts.Stop) uint32 { return s.Server }
func byIP(s *facts.Stop) uint32     { return s.IP }

// inOrder puts stops in the order of time.
func inOrder(stops []*facts.Stop) {
	earlier := func(a, b *facts.Stop) int { return cmp.Compare(a.At, b.At) }
	if !slices.IsSortedFunc(stops, earlier) {
		slices.SortStableFunc(stops, earlier)
	}
}

// only are the stops that a condition admits, in the same order.
func only(stops []*facts.Stop, admits func(*facts.Stop) bool) []*facts.Stop {
	var kept []*facts.Stop
	for i := range stops {
		if admits(stops[i]) {
			kept = append(kept, stops[i])
		}
	}
	return kept
}

// about begins a finding with the numbers that its stops tell.
func about(f *facts.Facts, rule string, stops []*facts.Stop) finding.Finding {
	return finding.Finding{
		Subject: model.Subject{Rule: rule, Severity: string(finding.Lookup(rule).Severity)},
		Count:   int64(len(stops)), Instances: distinct(stops, instanceOf(f)),
		First: model.Moment(stops[0].At), Last: model.Moment(stops[len(stops)-1].At),
		Confidence: finding.Certain,
	}
}

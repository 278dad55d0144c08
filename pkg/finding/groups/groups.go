package groups

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Where are the findings that the conditions admit.
func Where(all []finding.Finding, where []fields.Condition) []finding.Finding {
	var kept []finding.Finding
next:
	for _, one := range all {
		for _, condition := range where {
			if !condition.Match(fields.OfFinding(&one.Subject, condition.Key)) {
				continue next
			}
		}
		kept = append(kept, one)
	}
	return kept
}

// SeenByTenants are the conditions without the rules that tenants cannot have; some
// is false where they ask for such rules alone.
func SeenByTenants(where []fields.Condition) (seen []fields.Condition, some bool) {
	hidden := func(id string) bool { return slices.Contains(finding.IDs(), id) && !finding.Sees(true, id) }
	for _, condition := range where {
		if condition.Key == fields.KeyFinding && len(condition.Named) > 0 {
			condition.Named = slices.DeleteFunc(slices.Clone(condition.Named), hidden)
			if len(condition.Named) == 0 {
				return nil, false
			}
		}
		seen = append(seen, condition)
	}
	return seen, true
}

// In are the findings that were not over at some time of the range, each once.
func In(all []finding.Finding, r model.TimeRange) []finding.Finding {
	var kept []finding.Finding
	for _, one := range all {
		if one.In(r) && !one.Regraded {
			kept = append(kept, one)
		}
	}
	return kept
}

// Sort orders findings by a column; those that are equal keep their order.
func Sort(all []finding.Finding, by string, descending bool) {
	number := map[string]func(finding.Finding) int64{
		"last_seen":  func(f finding.Finding) int64 { return model.Nanos(f.Last) },
		"first_seen": func(f finding.Finding) int64 { return model.Nanos(f.First) },
		"count":      func(f finding.Finding) int64 { return f.Count },
		"instances":  func(f finding.Finding) int64 { return f.Instances },
	}[by]
	slices.SortStableFunc(all, func(a, b finding.Finding) int {
		if descending {
			a, b = b, a
		}
		return cmp.Compare(number(a), number(b))
	})
}

// Of sums findings by the keys as they are at a time. Those that are over have a
// group at zero, and so has what a condition names; about servers that do not
// answer nothing is known to be over (decision D1).
func Of(all []finding.Finding, keys []fields.Key, where []fields.Condition, s ledger.Snapshot, at time.Time) []engine.Group {
	dead := s.Dead()
	b := builder{keys: keys, places: map[string]int{}}
	for i := range all {
		one := &all[i]
		state, begun := one.State(at)
		isOver := !begun || state == finding.Over
		if isOver && dead[one.Server] {
			continue
		}
		g := b.of(&one.Subject)
		for name, number := range numbers(one, at) {
			if isOver {
				number = 0
			}
			if before, more := g.Sums[name]; more {
				number = fields.MeasureOf(name).Combine(before, number)
			}
			g.Sums[name] = number
		}
	}
	return engine.Named(b.groups, keys, where)
}

// numbers are those of a finding that is not over.
func numbers(one *finding.Finding, at time.Time) map[string]int64 {
	lasting := int64(0)
	if until := earlier(one.Last, at); !one.First.IsZero() {
		lasting = int64(until.Sub(one.First).Seconds())
	}
	return map[string]int64{"active": 1, "count": one.Count, "lasting": max(lasting, 0),
		fields.LastSeen: one.Last.UnixMilli()}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// builder collects groups by their values. What a finding does not tell is no label.
type builder struct {
	keys   []fields.Key
	places map[string]int
	groups []engine.Group
}

func (b *builder) of(s *model.Subject) *engine.Group {
	value := func(key fields.Key) string { return fields.OfFinding(s, key) }
	path := pathOf(b.keys, value)
	place, known := b.places[path]
	if !known {
		place = len(b.groups)
		b.places[path] = place
		b.groups = append(b.groups, engine.Group{Sums: map[string]int64{}})
		for _, key := range b.keys {
			if text := value(key); text != "" {
				b.groups[place].Labels = append(b.groups[place].Labels, engine.Label{Key: key, Value: text})
			}
		}
	}
	return &b.groups[place]
}

// pathOf is what values of keys have as one text.
func pathOf(keys []fields.Key, value func(fields.Key) string) string {
	var path strings.Builder
	for _, key := range keys {
		path.WriteString(value(key) + "\x00")
	}
	return path.String()
}

// Series gives groups, cut to a limit or not, a number for each bucket in which
// one of their findings was not over: as it was at the bucket's end.
func Series(all []finding.Finding, shown []engine.Group, keys []fields.Key, buckets engine.Buckets, metric string) {
	places, rest := map[string]int{}, -1
	for i := range shown {
		shown[i].Series = make([]int64, buckets.Count)
		places[pathOf(keys, func(key fields.Key) string { value, _ := shown[i].Value(key); return value })] = i
		if shown[i].Folded {
			rest = i
		}
	}
	for i := range all {
		one := &all[i]
		place, known := places[pathOf(keys, func(key fields.Key) string { return fields.OfFinding(&one.Subject, key) })]
		if !known {
			place = rest
		}
		if place >= 0 {
			fill(shown[place].Series, one, buckets, metric)
		}
	}
}

func fill(series []int64, one *finding.Finding, buckets engine.Buckets, metric string) {
	for b := range series {
		from, to := buckets.Time(b), buckets.Time(b+1)
		if !one.First.Before(to) || !one.GoesOn && one.Until().Before(from) {
			continue
		}
		number := numbers(one, to)[metric]
		if metric == "lasting" {
			number = max(series[b], number)
		} else {
			number += series[b]
		}
		series[b] = number
	}
}

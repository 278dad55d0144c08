package finding

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Thresholds are the numbers that rules go by, as one data source sees them: with
// those that its settings change. The zero value has the defaults.
type Thresholds struct {
	// changed are by rule and name.
	changed map[string]map[string]float64
}

// NewThresholds changes thresholds by rule and name. Each error is one sentence.
func NewThresholds(changed map[string]map[string]float64) (Thresholds, error) {
	for _, id := range slices.Sorted(maps.Keys(changed)) {
		at := slices.IndexFunc(catalogue, func(r Rule) bool { return r.ID == id })
		if at < 0 {
			return Thresholds{}, fmt.Errorf("%q is no rule; use %s", id, strings.Join(tunable(), ", "))
		}
		for _, name := range slices.Sorted(maps.Keys(changed[id])) {
			if err := catalogue[at].allows(name, changed[id][name]); err != nil {
				return Thresholds{}, err
			}
		}
	}
	return Thresholds{changed}, nil
}

func (r Rule) allows(name string, value float64) error {
	names := make([]string, len(r.Thresholds))
	for i, t := range r.Thresholds {
		names[i] = t.Name
		if t.Name != name {
			continue
		}
		if value < t.Least || value > t.Most {
			return fmt.Errorf("%s.%s must be from %v to %v, not %v", r.ID, name, t.Least, t.Most, value)
		}
		return nil
	}
	if len(names) == 0 {
		return fmt.Errorf("%s has no thresholds; remove it", r.ID)
	}
	return fmt.Errorf("%s has no threshold %q; use %s", r.ID, name, strings.Join(names, ", "))
}

// tunable are the rules that have thresholds.
func tunable() []string {
	var ids []string
	for _, r := range catalogue {
		if len(r.Thresholds) > 0 {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// Of is a rule's threshold.
func (t Thresholds) Of(rule, name string) float64 {
	if value, is := t.changed[rule][name]; is {
		return value
	}
	for _, threshold := range Lookup(rule).Thresholds {
		if threshold.Name == name {
			return threshold.Default
		}
	}
	panic("the rule " + rule + " has no threshold " + name)
}

// InTurn is how long after one server of a cluster the next restarts at most, for
// both to be told as one.
func (t Thresholds) InTurn() time.Duration {
	return time.Duration(t.Of(ServerRestart, "in_turn") * float64(time.Minute))
}

// Number is a rule's threshold of things that are counted.
func (t Thresholds) Number(rule, name string) int { return int(t.Of(rule, name)) }

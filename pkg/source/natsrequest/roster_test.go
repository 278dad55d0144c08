package natsrequest

import (
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source/membership"
)

// TestWhoIsForgotten: who ended in order and is counted by nobody, after five
// minutes; anybody else after a day.
func TestWhoIsForgotten(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	// round is a round at a time in which the servers answered, each of which counts so many.
	type round struct {
		after   time.Duration
		active  int
		answers []string
	}
	all := round{0, 3, []string{"A", "B", "C"}}
	const day = 24 * time.Hour
	for what, c := range map[string]struct {
		rounds []round
		// want is how long C is missing.
		want time.Duration
	}{
		"ended in order":            {[]round{{time.Second, 2, []string{"A", "B"}}}, 5 * time.Minute},
		"news of it travels":        {[]round{{time.Second, 3, []string{"A", "B"}}, {6 * time.Second, 2, []string{"A", "B"}}}, 5 * time.Minute},
		"died without a word":       {[]round{{time.Second, 3, []string{"A", "B"}}, {4 * time.Minute, 2, []string{"A", "B"}}}, day},
		"nobody looked":             {[]round{{10 * time.Minute, 2, []string{"A", "B"}}}, day},
		"another one did not, too":  {[]round{{time.Second, 2, []string{"A"}}}, day},
		"only newcomers answer":     {[]round{{time.Second, 1, []string{"D"}}}, day},
		"nobody says who there is":  {[]round{{time.Second, 0, []string{"A", "B"}}}, day},
		"ended, and then came back": {[]round{{time.Second, 2, []string{"A", "B"}}, all}, day},
	} {
		r := newRoster()
		note := func(one round, at time.Time) bool {
			answers := map[string]answer{}
			for _, id := range one.answers {
				answers[id] = answer{server: model.Server{ID: id, Name: "n" + id}, active: one.active}
			}
			silent, _ := r.note(answers, at)
			return slices.ContainsFunc(silent, func(m *membership.Member) bool { return m.Server.ID == "C" })
		}
		last := round{}
		for _, one := range append([]round{all}, c.rounds...) {
			last = one
			note(one, noon.Add(one.after))
		}
		if slices.Contains(last.answers, "C") {
			last = round{active: 3, answers: []string{"A", "B"}}
		}
		if !note(last, noon.Add(c.want)) || note(last, noon.Add(c.want+time.Second)) {
			t.Errorf("%s: not missing for %s", what, c.want)
		}
	}
}

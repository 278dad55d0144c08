package comeback

import (
	"cmp"
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
)

// judge counts what became of the clients of each group.
func judge(left []departure, a *arrivals, groups []engine.Group, list *listing) {
	teams := map[int]team{}
	for _, d := range left {
		if t, is := a.team(d.who, a.s.Kept[d.kept].Table.Get(d.row)); is {
			teams[d.number] = t
		}
	}
	slices.SortFunc(left, func(x, y departure) int {
		return cmp.Or(cmp.Compare(x.group, y.group), cmp.Compare(x.number, y.number), cmp.Compare(y.after, x.after))
	})
	for group := range runs(left, func(x, y departure) bool { return x.group == y.group }) {
		p := groups[group[0].group].Presence
		stopped := map[int]bool{}
		missing := map[team][]departure{}
		for same := range runs(group, func(x, y departure) bool { return x.number == y.number }) {
			number := same[0].number
			stopped[number] = true
			here := same[0].group
			alone := follow(same, usable(a.of[number], here), func(came arrival) int64 { return came.start }, func(came arrival) {
				// What stopped again is the same client still.
				if came.group != here {
					p.Instances++
				}
			})
			if t, is := teams[number]; is {
				missing[t] = append(missing[t], alone...)
				continue
			}
			lose(p, alone, list)
		}
		for t, alone := range missing {
			slices.SortFunc(alone, func(x, y departure) int { return cmp.Compare(y.after, x.after) })
			lose(p, follow(alone, a.teams[t], func(one *newcomer) int64 { return one.start }, func(one *newcomer) {
				if !stopped[one.who] {
					p.Instances++
				}
			}), list)
		}
	}
}

// lose counts clients that were not seen again.
func lose(p *engine.Presence, alone []departure, list *listing) {
	for _, d := range alone {
		p.Instances++
		if list.knows(d.at) {
			p.Gone++
		} else {
			p.Unclear++
		}
	}
}

// follow has the departures, the newest first, be followed by one arrival each, the
// next that began afterwards, and returns those that none is left for. Arrivals are
// newest first, too; the later a departure, the fewer may follow it, so it has its
// choice first.
func follow[A any](left []departure, came []A, start func(A) int64, found func(A)) (alone []departure) {
	var free []A
	for _, d := range left {
		for len(came) > 0 && start(came[0]) >= d.after {
			free, came = append(free, came[0]), came[1:]
		}
		if n := len(free); n > 0 {
			found(free[n-1])
			free = free[:n-1]
			continue
		}
		alone = append(alone, d)
	}
	return alone
}

// usable are the arrivals that count in a group: whoever was let in, and its own.
func usable(all []arrival, group int) []arrival {
	kept := make([]arrival, 0, len(all))
	for _, one := range all {
		if one.in || one.group == group {
			kept = append(kept, one)
		}
	}
	return kept
}

// runs are the stretches of a sorted list that are alike.
func runs(all []departure, alike func(x, y departure) bool) func(yield func([]departure) bool) {
	return func(yield func([]departure) bool) {
		for begin := 0; begin < len(all); {
			end := begin + 1
			for end < len(all) && alike(all[begin], all[end]) {
				end++
			}
			if !yield(all[begin:end]) {
				return
			}
			begin = end
		}
	}
}

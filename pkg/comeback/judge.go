package comeback

import (
	"cmp"
	"slices"
)

// verdicts take what became of each departure.
type verdicts interface {
	// back: its client came back for good, when is told.
	back(d *departure, at int64)
	// again: its client came back, and stopped as another departure of its group.
	again(d *departure, at int64)
	// alone: its client was not seen again.
	alone(d *departure)
}

// judge finds out what became of the clients of each group.
func judge(left []departure, a *arrivals, told verdicts) {
	// stoppedIn is the group after the one in which each client was met last.
	stoppedIn := make([]int, len(a.of))
	for group := range runs(ordered(left), func(x, y *departure) bool { return x.group == y.group }) {
		here := group[0].group
		missing := map[team][]*departure{}
		for same := range runs(group, func(x, y *departure) bool { return x.number == y.number }) {
			newestFirst(same)
			number := same[0].number
			stoppedIn[number] = here + 1
			alone := follow(same, usable(a.of[number], here), func(came arrival) int64 { return came.start }, func(d *departure, came arrival) {
				if came.group == here {
					// What stopped again is the same client still.
					told.again(d, came.start)
				} else {
					told.back(d, came.start)
				}
			})
			// Those of one client are of one team, that of the newest.
			if one := same[0]; one.inTeam {
				for _, d := range alone {
					// Who was listed beside it does not stand in for it.
					d.after = max(d.after, d.listed)
					missing[one.team()] = append(missing[one.team()], d)
				}
				continue
			}
			for _, d := range alone {
				told.alone(d)
			}
		}
		for t, alone := range missing {
			newestFirst(alone)
			rest := follow(alone, a.teams[t], func(one *newcomer) int64 { return one.start }, func(d *departure, one *newcomer) {
				if one.who != nowhere && stoppedIn[one.who] == here+1 {
					told.again(d, one.start)
				} else {
					told.back(d, one.start)
				}
			})
			for _, d := range rest {
				told.alone(d)
			}
		}
	}
}

// ordered are departures by group, those of a group by client.
func ordered(left []departure) []*departure {
	all := make([]*departure, len(left))
	for i := range left {
		all[i] = &left[i]
	}
	all = counted(all, func(d *departure) int { return d.number })
	return counted(all, func(d *departure) int { return d.group })
}

// counted puts departures in the order of a number that is not large; those of the
// same number keep theirs. It takes a look or two at each, where sorting takes many.
func counted(all []*departure, of func(*departure) int) []*departure {
	most := 0
	for _, d := range all {
		most = max(most, of(d))
	}
	begins := make([]int, most+2)
	for _, d := range all {
		begins[of(d)+1]++
	}
	for i := range most {
		begins[i+1] += begins[i]
	}
	sorted := make([]*departure, len(all))
	for _, d := range all {
		sorted[begins[of(d)]] = d
		begins[of(d)]++
	}
	return sorted
}

func newestFirst(all []*departure) {
	slices.SortFunc(all, func(x, y *departure) int { return cmp.Compare(y.after, x.after) })
}

// follow has the departures, the newest first, be followed by one arrival each, the
// next that began afterwards, and returns those that none is left for. Arrivals are
// newest first, too; the later a departure, the fewer may follow it, so it has its
// choice first.
func follow[A any](left []*departure, came []A, start func(A) int64, found func(*departure, A)) (alone []*departure) {
	var free []A
	for _, d := range left {
		for len(came) > 0 && start(came[0]) >= d.after {
			free, came = append(free, came[0]), came[1:]
		}
		if n := len(free); n > 0 {
			found(d, free[n-1])
			free = free[:n-1]
			continue
		}
		alone = append(alone, d)
	}
	return alone
}

// usable are the arrivals that count in a group: whoever was let in, and its own.
func usable(all []arrival, group int) []arrival {
	useless := func(one arrival) bool { return !one.in && one.group != group }
	if !slices.ContainsFunc(all, useless) {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), useless)
}

// runs are the stretches of a sorted list that are alike.
func runs(all []*departure, alike func(x, y *departure) bool) func(yield func([]*departure) bool) {
	return func(yield func([]*departure) bool) {
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

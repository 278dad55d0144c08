package chronicle

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// Group are lines that are told as one.
type Group struct {
	// Labels tell groups apart, in the caller's order.
	Labels []string
	// Values are one a span, nil where nobody knows.
	Values []*int64

	lines []Line
}

// Series are the lines of a number that are wanted, grouped by what labels makes
// of each, over spans that begin at one edge and end at the next. What was not told
// by one of a group's servers, while it was read, is not known of the group. Beyond
// the most the smallest are one group without labels, the last; folded is how many.
func (c *Chronicle) Series(
	number Number, edges []time.Time, wanted func(Member) bool, labels func(Member) []string, most int,
) (groups []Group, folded int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	index := map[string]int{}
	for _, label := range slices.Sorted(maps.Keys(c.tracks)) {
		for _, line := range c.tracks[label].lines(label, number) {
			if !wanted(line.Member) {
				continue
			}
			of := labels(line.Member)
			path := strings.Join(of, "\x00")
			at, known := index[path]
			if !known {
				at = len(groups)
				index[path] = at
				groups = append(groups, Group{Labels: of})
			}
			groups[at].lines = append(groups[at].lines, line)
		}
	}
	if folded = max(len(groups)-most, 0); folded > 0 {
		from, to := slotOf(edges[0]), slotOf(edges[len(edges)-1])
		slices.SortStableFunc(groups, func(a, b Group) int { return cmp.Compare(b.weight(number, from, to), a.weight(number, from, to)) })
		var rest Group
		for _, group := range groups[most:] {
			rest.lines = append(rest.lines, group.lines...)
		}
		groups = append(groups[:most:most], rest)
	}
	for i := range groups {
		groups[i].Values = together(groups[i].lines, edges, number == Slowest)
	}
	return groups, folded
}

// weight is what is shown first: what is largest in the end, and who did not answer.
func (g Group) weight(number Number, from, to int64) int64 {
	var sum int64
	for i := range g.lines {
		value, _ := g.lines[i].at(from, to, number == Slowest)
		sum += value
	}
	if number == Answered {
		return -sum
	}
	return sum
}

// together sums lines, or tells the largest of them.
func together(lines []Line, edges []time.Time, largest bool) []*int64 {
	values := make([]*int64, max(len(edges)-1, 0))
	for k := range values {
		from, to := slotOf(edges[k]), slotOf(edges[k+1])
		var whole int64
		told, missing := false, false
		for i := range lines {
			value, is := lines[i].at(from, max(to, from+1), largest)
			switch {
			case !is:
				missing = missing || lines[i].first < to && lines[i].last >= from
			case largest:
				whole, told = max(whole, value), true
			default:
				whole, told = whole+value, true
			}
		}
		if told && !missing {
			values[k] = &whole
		}
	}
	return values
}

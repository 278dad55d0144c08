package rhythm

import (
	"slices"
	"time"
)

// Pace is how regularly something comes.
type Pace int

// The paces.
const (
	// Uneven is what people, and clients that wait for longer each time, do.
	Uneven Pace = iota
	// Undecided: what came so far may be the begin of either.
	Undecided
	// Regular is like clockwork.
	Regular
)

const (
	// Enough is how many intervals tell whether they are alike.
	Enough = 6
	// shortest is the shortest interval of a clock: clients try again sooner.
	shortest = int64(4 * time.Second)
	// alike is the part of an interval by which others differ at most.
	alike = 10
)

// most is how many keep time from one place at most, each by itself.
const most = 3

// Of is the pace of what came at times, in nanoseconds and in their order: at intervals
// of seconds or more of which nine of ten differ by less than a tenth. Those of two or
// three that keep the same time are alike from each to the next of its own.
func Of(times []int64) Pace {
	first := of(times, 1)
	for by := 2; by <= most && first == Uneven; by++ {
		if of(times, by) == Regular {
			return Regular
		}
	}
	return first
}

// of is the pace of each to the one that comes so many after it.
func of(times []int64, by int) Pace {
	n := len(times) - by
	if n < 1 {
		return Undecided
	}
	between := make([]int64, n)
	for i := range between {
		between[i] = times[i+by] - times[i]
	}
	slices.Sort(between)
	middle, odd := between[n/2], 0
	for _, d := range between {
		if max(d-middle, middle-d) > middle/int64(alike*by) {
			odd++
		}
	}
	switch {
	case middle < shortest*int64(by), alike*odd > n:
		return Uneven
	case n < Enough:
		return Undecided
	}
	return Regular
}

// Together is the pace of what several do that keep time each by themselves. Who came
// rarely so far says nothing beside those who came often.
func Together(each [][]int64) Pace {
	often, rarely := Undecided, Undecided
	for _, times := range each {
		switch pace := Of(times); {
		case len(times) <= Enough && pace == Uneven:
			rarely = Uneven
		case len(times) <= Enough:
		case pace == Uneven:
			return Uneven
		default:
			often = Regular
		}
	}
	if often == Regular {
		return Regular
	}
	return rarely
}

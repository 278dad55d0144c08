//go:build unix

package main

import (
	"slices"
	"syscall"
	"time"
)

// processorTime is how long a run keeps a processor busy, the median of
// several: others who use the machine do not add to it.
func processorTime(rounds int, run func()) time.Duration {
	var times []time.Duration
	for range rounds {
		before := busy()
		run()
		times = append(times, busy()-before)
	}
	slices.Sort(times)
	return times[len(times)/2]
}

func busy() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

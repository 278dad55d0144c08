//go:build !unix

package main

import "time"

// processorTime is how long a run takes at its fastest, where the system does
// not tell how busy it kept a processor.
func processorTime(rounds int, run func()) time.Duration {
	fastest := time.Duration(1<<63 - 1)
	for range rounds {
		start := time.Now()
		run()
		fastest = min(fastest, time.Since(start))
	}
	return fastest
}

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// processorTimeOf is how long processes have kept processors busy; 0 where the
// system does not tell.
func processorTimeOf(pids ...int) time.Duration {
	var total time.Duration
	for _, pid := range pids {
		threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
		for _, thread := range threads {
			content, _ := os.ReadFile(thread)
			busy, _, _ := strings.Cut(string(content), " ")
			nanos, _ := strconv.ParseInt(busy, 10, 64)
			total += time.Duration(nanos)
		}
	}
	return total
}

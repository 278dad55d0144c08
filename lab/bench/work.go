package main

import (
	"runtime"
	"slices"
	"time"
)

// result is one measured ratio, ours to a reference; lower is better.
type result struct {
	Name  string  `json:"name"`
	Ratio float64 `json:"ratio"`
	Goal  float64 `json:"goal"`
	Pass  bool    `json:"pass"`
	Note  string  `json:"note"`
}

func compare(name string, ours, reference, goal float64, note string) result {
	ratio := ours / reference
	return result{Name: name, Ratio: ratio, Goal: goal, Pass: ratio <= goal, Note: note}
}

// table is what was measured beside goals; its first row is the head.
type table struct {
	Title  string     `json:"title"`
	Remark string     `json:"remark"`
	Rows   [][]string `json:"rows"`
}

// report is what benchmarks found.
type report struct {
	Results []result `json:"results"`
	Tables  []table  `json:"tables"`
}

// work is something measured, after something that is not.
type work struct{ prepare, run func() error }

// just is work that needs no preparation.
func just(run func() error) work { return work{prepare: func() error { return nil }, run: run} }

// interleave runs all works in turn, so that whatever disturbs the machine
// disturbs each of them, and returns the median time of each.
func interleave(rounds int, works ...work) ([]time.Duration, error) {
	times := make([][]time.Duration, len(works))
	for round := range rounds + 1 {
		for i, work := range works {
			if err := work.prepare(); err != nil {
				return nil, err
			}
			start := time.Now()
			if err := work.run(); err != nil {
				return nil, err
			}
			// The first round only warms up.
			if round > 0 {
				times[i] = append(times[i], time.Since(start))
			}
		}
	}
	medians := make([]time.Duration, len(works))
	for i := range times {
		slices.Sort(times[i])
		medians[i] = times[i][len(times[i])/2]
	}
	return medians, nil
}

// mallocs counts what one run allocates.
func mallocs(run func() error) (float64, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := run()
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs - before.Mallocs), err
}

// Command bench measures this data source against real servers and prints how
// it compares, as ratios taken in one run. With -json it prints one object a
// line: {"name","ratio","goal","pass"}.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"text/tabwriter"
	"time"
)

// result is one measured ratio, ours to a reference; lower is better.
type result struct {
	Name  string  `json:"name"`
	Ratio float64 `json:"ratio"`
	Goal  float64 `json:"goal"`
	Pass  bool    `json:"pass"`
	note  string
}

func main() {
	asJSON := flag.Bool("json", false, "print one JSON object a line")
	rounds := flag.Int("rounds", 15, "how often each reading is repeated; medians count")
	flag.Parse()
	results, err := measure(context.Background(), *rounds)
	if err == nil {
		err = show(results, *asJSON)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// measure runs every group of benchmarks; each starts the servers it needs.
func measure(ctx context.Context, rounds int) ([]result, error) {
	var all []result
	for _, group := range []func(context.Context, int) ([]result, error){
		readFullRing,
	} {
		results, err := group(ctx, rounds)
		if err != nil {
			return nil, err
		}
		all = append(all, results...)
	}
	return all, nil
}

func show(results []result, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(os.Stdout)
		for _, r := range results {
			if err := encoder.Encode(r); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "WHAT\tRATIO\tGOAL\t\tMEASURED")
	for _, r := range results {
		verdict := "ok"
		if !r.Pass {
			verdict = "MISSED"
		}
		fmt.Fprintf(table, "%s\t%.3f\t≤ %.3f\t%s\t%s\n", r.Name, r.Ratio, r.Goal, verdict, r.note)
	}
	return table.Flush()
}

func compare(name string, ours, reference, goal float64, note string) result {
	ratio := ours / reference
	return result{Name: name, Ratio: ratio, Goal: goal, Pass: ratio <= goal, note: note}
}

// work is something measured.
type work func() error

// interleave runs all works in turn, so that whatever disturbs the machine
// disturbs each of them, and returns the median time of each.
func interleave(rounds int, works ...work) ([]time.Duration, error) {
	times := make([][]time.Duration, len(works))
	for round := range rounds + 1 {
		for i, work := range works {
			start := time.Now()
			if err := work(); err != nil {
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

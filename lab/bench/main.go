// Command bench measures this data source against real servers and prints how
// it compares, as ratios taken in one run. With -json it prints one object a
// line: {"name","ratio","goal","pass"}.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
)

func main() {
	asJSON := flag.Bool("json", false, "print one JSON object a line")
	page := flag.String("markdown", "", "also write the table as a page to this `file`")
	rounds := flag.Int("rounds", 15, "how often each work is repeated; medians count")
	flag.Parse()
	if err := bench(context.Background(), *rounds, *asJSON, *page); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(ctx context.Context, rounds int, asJSON bool, page string) error {
	machine := describeMachine()
	results, err := measure(ctx, rounds)
	if err != nil {
		return err
	}
	if page != "" {
		if err := os.WriteFile(page, []byte(markdown(machine, rounds, results)), 0o600); err != nil {
			return err
		}
	}
	if asJSON {
		return showJSON(os.Stdout, results)
	}
	return show(os.Stdout, results)
}

// measure runs every group of benchmarks; each starts the servers it needs.
func measure(ctx context.Context, rounds int) ([]result, error) {
	var all []result
	for _, group := range []func(context.Context, int) ([]result, error){
		readFullRing, keptRecords, refreshDashboard,
	} {
		results, err := group(ctx, rounds)
		if err != nil {
			return nil, err
		}
		all = append(all, results...)
	}
	return all, nil
}

func showJSON(to io.Writer, results []result) error {
	encoder := json.NewEncoder(to)
	for _, r := range results {
		if err := encoder.Encode(r); err != nil {
			return err
		}
	}
	return nil
}

func show(to io.Writer, results []result) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "WHAT\tRATIO\tGOAL\t\tMEASURED")
	for _, r := range results {
		fmt.Fprintf(table, "%s\t%.3f\t≤ %.3f\t%s\t%s\n", r.Name, r.Ratio, r.Goal, r.verdict(), r.note)
	}
	return table.Flush()
}

func (r result) verdict() string {
	if r.Pass {
		return "ok"
	}
	return "MISSED"
}

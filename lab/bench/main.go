// Command bench measures this data source against real servers and prints how
// it compares, as ratios taken in one run, and how its costs grow. With -json it
// prints one object a line: {"name","ratio","goal","pass"}.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
)

func main() {
	asJSON := flag.Bool("json", false, "print one JSON object a line")
	page := flag.String("markdown", "", "also write the tables into this `file`, between its markers")
	rounds := flag.Int("rounds", 15, "how often each work is repeated; medians count")
	flag.Parse()
	if err := bench(context.Background(), *rounds, *asJSON, *page); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(ctx context.Context, rounds int, asJSON bool, page string) error {
	machine := describeMachine()
	measured, err := measure(ctx, rounds)
	if err != nil {
		return err
	}
	if page != "" {
		if err := writeInto(page, markdown(machine, rounds, measured)); err != nil {
			return err
		}
	}
	if asJSON {
		return showJSON(os.Stdout, measured.results)
	}
	return show(os.Stdout, measured)
}

// measure runs every group of benchmarks; each starts the servers it needs.
func measure(ctx context.Context, rounds int) (report, error) {
	var all report
	for _, group := range []func(context.Context, int) (report, error){
		readFullRing, keptRecords, refreshDashboard,
	} {
		part, err := group(ctx, rounds)
		if err != nil {
			return report{}, err
		}
		all.results = append(all.results, part.results...)
		all.tables = append(all.tables, part.tables...)
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

func show(to io.Writer, measured report) error {
	columns := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	for _, t := range append([]table{goals(measured.results)}, measured.tables...) {
		fmt.Fprintf(columns, "\n%s\n", t.title)
		for _, row := range t.rows {
			fmt.Fprintln(columns, strings.Join(row, "\t"))
		}
	}
	return columns.Flush()
}

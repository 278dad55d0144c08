// Command bench measures what needs no plugin process: decoding, and what is kept. It
// prints one JSON object for lab/bench/main.ts, which measures the rest.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
)

func main() {
	rounds := flag.Int("rounds", 15, "how often each work is repeated; medians count")
	flag.Parse()
	if err := bench(context.Background(), *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(ctx context.Context, rounds int) error {
	var all report
	for _, group := range []func(context.Context, int) (report, error){readFullRing, keptRecords} {
		part, err := group(ctx, rounds)
		if err != nil {
			return err
		}
		all.Results = append(all.Results, part.Results...)
		all.Tables = append(all.Tables, part.Tables...)
	}
	return json.NewEncoder(os.Stdout).Encode(all)
}

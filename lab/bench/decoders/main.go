// Command decoders compares JSON decoders on a full ring as a server sends it. It
// is a module of its own, so that the data source depends on none of them. Run it
// with
//
//	GOEXPERIMENT=jsonv2 go run -C lab/bench/decoders .
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"syscall"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source/connz/decode"
)

const (
	ringSize = 10_000
	rounds   = 15
)

// decoder decodes a ring and returns how many records it has.
type decoder struct {
	name   string
	decode func(body []byte) (int, error)
}

// into decodes into structs by reflection or code made from them.
func into(unmarshal func([]byte, any) error) func([]byte) (int, error) {
	return func(body []byte) (int, error) {
		var answer ring
		err := unmarshal(body, &answer)
		return len(answer.Connections), err
	}
}

func main() {
	if err := compare(); err != nil {
		fmt.Fprintln(os.Stderr, "decoders:", err)
		os.Exit(1)
	}
}

func compare() error {
	body, err := json.MarshalIndent(makeRing(), "", "  ")
	if err != nil {
		return err
	}
	all := decoders()
	times := make([][]time.Duration, len(all))
	for round := range rounds + 1 {
		for i, d := range all {
			before := busy()
			count, err := d.decode(body)
			took := busy() - before
			if err != nil || count != ringSize {
				return fmt.Errorf("%s: %d records, %w", d.name, count, err)
			}
			if round > 0 { // the first only warms up
				times[i] = append(times[i], took)
			}
		}
	}
	fmt.Printf("%s, %d records in %.1f MB\n\n", runtime.Version(), ringSize, float64(len(body))/1e6)
	fmt.Printf("| Decoder | MB/s | ÷ encoding/json | Allocations | Allocated |\n|---|---|---|---|---|\n")
	var reference time.Duration
	for i, d := range all {
		slices.Sort(times[i])
		median := times[i][len(times[i])/2]
		if i == 0 {
			reference = median
		}
		allocations, bytes := allocated(func() { _, _ = d.decode(body) })
		fmt.Printf("| %s | %.0f | %.2f | %d | %.1f MB |\n", d.name, float64(len(body))/1e6/median.Seconds(),
			median.Seconds()/reference.Seconds(), allocations, float64(bytes)/1e6)
	}
	return nil
}

func ours(body []byte) (int, error) {
	page, err := decode.List(body, model.Server{ID: "NA", Version: "2.15.2"})
	return len(page.Rows), err
}

// busy is the processor time of this process: what else runs does not add to it.
func busy() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func allocated(run func()) (count, bytes uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	run()
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs, after.TotalAlloc - before.TotalAlloc
}

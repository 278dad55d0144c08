// Command cmd runs a plugin binary and passes requests to it: one JSON object a
// line on standard input, one a line on standard output. It ends, and the
// plugin with it, when standard input ends.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/natsops/nats-connections-datasource/lab/host"
)

func main() {
	verbose := flag.Bool("verbose", false, "write the plugin's log to standard error")
	flag.Parse()
	if err := run(flag.Arg(0), *verbose); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(binary string, verbose bool) error {
	if binary == "" {
		return fmt.Errorf("the plugin's binary is missing: host [-verbose] <binary>")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var options []host.Option
	if verbose {
		options = append(options, host.LogTo(os.Stderr))
	}
	plugin, err := host.Start(ctx, binary, options...)
	if err != nil {
		return err
	}
	defer plugin.Close()
	return host.Serve(ctx, plugin, os.Stdin, os.Stdout)
}

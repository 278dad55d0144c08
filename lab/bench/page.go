package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"unicode/utf8"

	"github.com/natsops/nats-connections-datasource/lab/testnats"
)

// machine is what a run was made on, and how busy that was.
type machine struct{ cpu, load string }

func describeMachine() machine {
	return machine{cpu: lineOf("/proc/cpuinfo", "model name"), load: firstWords("/proc/loadavg", 3)}
}

// lineOf is the value of the first "name : value" line; unknown where there is none.
func lineOf(path, name string) string {
	content, _ := os.ReadFile(path)
	for line := range strings.Lines(string(content)) {
		if key, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown CPU"
}

func firstWords(path string, count int) string {
	content, _ := os.ReadFile(path)
	words := strings.Fields(string(content))
	return strings.Join(words[:min(count, len(words))], ", ")
}

const intro = `# Performance

What this data source costs, against what does the same work otherwise. Made by
` + "`npm run bench -- --markdown docs/performance.md`" + `: every ratio compares works that took turns in one run, so that
whatever else the machine did disturbed both. Ratios are ours to the reference, or used to allowed; lower is better.

The servers, the plugin and who asks share the machine's cores. A dashboard's panels wait for one read of the servers'
counters and then compete for the cores, so what twelve of them take together depends on how many there are.

`

func markdown(m machine, rounds int, results []result) string {
	rows := [][]string{{"What", "Ratio", "Goal", "", "Measured"}}
	for _, r := range results {
		rows = append(rows, []string{r.Name, fmt.Sprintf("%.3f", r.Ratio), fmt.Sprintf("≤ %.3f", r.Goal), r.verdict(), r.note})
	}
	var page strings.Builder
	page.WriteString(intro)
	fmt.Fprintf(&page, "Machine: %s, %d cores, %s/%s, %s.\n", m.cpu, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	if m.load != "" {
		fmt.Fprintf(&page, "It was shared: the load averages when the run began were %s.\n", m.load)
	}
	fmt.Fprintf(&page, "Servers: nats-server %s. Medians of %d rounds.\n\n", testnats.Current, rounds)
	table(&page, rows)
	return page.String()
}

// table writes rows in columns of one width each, the first as the head.
func table(page *strings.Builder, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell), 3)
		}
	}
	line := func(cells []string, fill string) {
		for i, cell := range cells {
			fmt.Fprintf(page, "| %s%s ", cell, strings.Repeat(fill, widths[i]-utf8.RuneCountInString(cell)))
		}
		page.WriteString("|\n")
	}
	line(rows[0], " ")
	line(make([]string, len(widths)), "-")
	for _, row := range rows[1:] {
		line(row, " ")
	}
}

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

// The markers between which a page has what was measured.
const (
	from = "<!-- measured by npm run bench -->\n"
	till = "<!-- end of what was measured -->\n"
)

// writeInto replaces what stands between the markers of a page.
func writeInto(path, measured string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, begins := strings.Cut(string(content), from)
	_, after, ends := strings.Cut(rest, till)
	if !begins || !ends {
		return fmt.Errorf("%s lacks the lines %q and %q", path, strings.TrimSpace(from), strings.TrimSpace(till))
	}
	return os.WriteFile(path, []byte(before+from+"\n"+measured+"\n"+till+after), 0o600)
}

func goals(results []result) table {
	t := table{title: "Against the goals", rows: [][]string{{"What", "Ratio", "Goal", "", "Measured"}}}
	for _, r := range results {
		t.rows = append(t.rows, []string{r.Name, fmt.Sprintf("%.3f", r.Ratio), fmt.Sprintf("≤ %.3f", r.Goal), r.verdict(), r.note})
	}
	return t
}

func markdown(m machine, rounds int, measured report) string {
	var page strings.Builder
	fmt.Fprintf(&page, "Machine: %s, %d cores, %s/%s, %s.\n", m.cpu, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	if m.load != "" {
		fmt.Fprintf(&page, "Its load averages when the run began were %s.\n", m.load)
	}
	fmt.Fprintf(&page, "Servers: nats-server %s. Medians of %d rounds.\n", testnats.Current, rounds)
	for _, t := range append([]table{goals(measured.results)}, measured.tables...) {
		fmt.Fprintf(&page, "\n### %s\n\n", t.title)
		if t.remark != "" {
			fmt.Fprintf(&page, "%s\n\n", t.remark)
		}
		t.write(&page)
	}
	return page.String()
}

// write makes columns of one width each.
func (t table) write(page *strings.Builder) {
	widths := make([]int, len(t.rows[0]))
	for _, row := range t.rows {
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
	line(t.rows[0], " ")
	line(make([]string, len(widths)), "-")
	for _, row := range t.rows[1:] {
		line(row, " ")
	}
}

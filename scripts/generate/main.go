// Command generate writes what other languages and readers need of the Go
// tables: TypeScript types and constants, the reasons' documentation page and
// the query's JSON schema. With -check it compares instead, and names what
// has drifted.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// output is one generated file, by its path in the repository.
type output struct {
	path string
	make func(root string) ([]byte, error)
}

func outputs() []output {
	return []output{
		{"src/query/model.gen.ts", modelTS},
		{"src/query/reasons.gen.ts", reasonsTS},
		{"docs/reasons.md", func(string) ([]byte, error) { return reasonsPage(), nil }},
		{"src/schema/query.json", schemaJSON},
	}
}

func main() {
	root := flag.String("root", ".", "the repository's folder")
	check := flag.Bool("check", false, "write nothing; fail if a file is not what would be written")
	flag.Parse()
	if err := run(*root, *check, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root string, check bool, report io.Writer) error {
	drifted := 0
	for _, out := range outputs() {
		want, err := out.make(root)
		if err != nil {
			return fmt.Errorf("generate %s: %w", out.path, err)
		}
		path := filepath.Join(root, filepath.FromSlash(out.path))
		// A file that cannot be read is one that is not what it should be.
		got, readErr := os.ReadFile(path)
		switch {
		case readErr == nil && bytes.Equal(got, want):
			continue
		case check:
			drifted++
			fmt.Fprintf(report, "%s is not what the Go tables say\n", out.path)
		default:
			if err := write(path, want); err != nil {
				return err
			}
			fmt.Fprintf(report, "wrote %s\n", out.path)
		}
	}
	if drifted > 0 {
		return fmt.Errorf("%d generated files have drifted; run: npm run generate", drifted)
	}
	return nil
}

func write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("generate: %w", err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		return fmt.Errorf("generate: %w", err)
	}
	return nil
}

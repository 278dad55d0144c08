// Command generate prints what other languages and readers need of the Go
// tables: TypeScript types and constants, the documentation pages of reasons and
// rules, and the query's JSON schema. It prints one JSON object of texts by path, which
// scripts/generate.mjs has prettier lay out and writes.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// outputs are the generated files, by their path in the repository.
var outputs = map[string]func(root string) (string, error){
	"src/query/model.gen.ts":       modelTS,
	"src/query/reasons.gen.ts":     reasonsTS,
	"docs/reasons.md":              func(string) (string, error) { return reasonsPage(), nil },
	"docs/findings.md":             func(string) (string, error) { return findingsPage(), nil },
	"src/schema/query.json":        schemaJSON,
	"src/settings/settings.gen.ts": settingsTS,
	provisionPage:                  provisionMD,
}

func main() {
	texts, err := generate(".")
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(texts)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func generate(root string) (map[string]string, error) {
	texts := map[string]string{}
	for path, text := range outputs {
		made, err := text(root)
		if err != nil {
			return nil, fmt.Errorf("generate %s: %w", path, err)
		}
		texts[path] = made
	}
	return texts, nil
}

// Package architecture_test holds the repository against its own plan.
package architecture_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	repository = "../.."
	module     = "github.com/natsops/nats-connections-datasource"
	sdk        = "github.com/grafana/grafana-plugin-sdk-go"
)

// room is what one package below pkg/, and those inside it, may import.
type room struct {
	// ours are the packages of this module; a room may always import itself.
	ours []string
	// never are other packages, with all below them.
	never []string
	// onlySDK: no third party but Grafana's SDK.
	onlySDK bool
}

// pure is what rooms that hold no door to the outside never import.
var pure = []string{sdk, "github.com/nats-io", "net/http"}

// rooms are the directions in which data may flow: source → ledger → engine →
// frames, brought together by plugin alone.
var rooms = map[string]room{
	"model":     {never: pure},
	"guard":     {never: []string{"github.com/nats-io", "net/http"}, onlySDK: true},
	"reason":    {never: pure},
	"app":       {never: pure},
	"account":   {ours: []string{"model", "store"}, never: pure},
	"store":     {ours: []string{"model", "app"}, never: pure},
	"fields":    {ours: []string{"model", "reason", "store", "ledger"}, never: pure},
	"ledger":    {ours: []string{"model", "reason", "app", "account", "store"}, never: pure},
	"engine":    {ours: []string{"model", "reason", "store", "fields", "ledger"}, never: pure},
	"chronicle": {ours: []string{"model", "ledger"}, never: pure},
	"comeback":  {ours: []string{"model", "reason", "store", "fields", "ledger", "engine", "restart", "words"}, never: pure},
	"restart":   {ours: []string{"model", "store", "ledger"}, never: pure},
	"finding":   {ours: []string{"model", "reason", "app", "store", "fields", "ledger", "engine", "chronicle", "restart", "comeback", "strangers", "guard", "words"}, never: pure},
	"query":     {ours: []string{"model", "fields", "strangers"}, never: []string{"github.com/nats-io", "net/http"}},
	"source":    {ours: []string{"model", "guard"}},
	"strangers": {never: pure},
	"words":     {never: pure},
	"notices":   {ours: []string{"model", "engine", "ledger", "history", "beyond", "words"}, never: []string{"github.com/nats-io", "net/http"}},
	"frames":    {ours: []string{"model", "reason", "fields", "ledger", "engine", "chronicle", "restart", "comeback", "finding", "query", "strangers", "words"}, never: []string{"github.com/nats-io", "net/http"}},
	"settings":  {ours: []string{"reason", "finding"}, onlySDK: true},
	"telemetry": {ours: []string{"model", "reason", "store", "ledger", "engine", "source"}, never: pure},
	"history":   {ours: []string{"model", "store", "ledger", "source", "guard"}},
	"beyond":    {ours: []string{"model", "app", "store", "ledger", "fields", "engine", "history"}, never: pure},
	"health":    {ours: []string{"model", "ledger", "source", "notices", "history", "words"}, never: pure},
	"reads":     {ours: []string{"model", "ledger", "source", "guard"}, never: []string{"github.com/nats-io", "net/http"}, onlySDK: true},
	"answer": {
		ours:  []string{"model", "fields", "ledger", "engine", "beyond", "chronicle", "restart", "comeback", "finding", "query", "notices", "frames", "reads", "source"},
		never: []string{"github.com/nats-io", "net/http"},
	},
	"live": {ours: []string{"model", "reason", "fields", "ledger", "query"}, never: []string{"github.com/nats-io", "net/http"}, onlySDK: true},
	"plugin": {
		ours:  []string{"live", "model", "reason", "app", "ledger", "chronicle", "comeback", "finding", "query", "source", "notices", "frames", "settings", "telemetry", "guard", "reads", "history", "beyond", "health", "answer"},
		never: []string{"github.com/nats-io"},
	},
}

func TestImportsGoOneWay(t *testing.T) {
	imports := importsOf(t, "pkg")
	for name := range rooms {
		if len(imports[name]) == 0 {
			t.Errorf("pkg/%s imports nothing at all: the test looks in the wrong place", name)
		}
	}
	for folder, imported := range imports {
		for _, name := range imported {
			if complaint := violation(folder, name); complaint != "" {
				t.Error(complaint)
			}
		}
	}
}

func TestForbiddenImportsAreNoticed(t *testing.T) {
	for _, test := range []struct {
		folder, imported string
		allowed          bool
	}{
		{"model", "time", true},
		{"model", "net/netip", true},
		{"model", module + "/pkg/store", false},
		{"reason", module + "/pkg/model", false},
		{"store", module + "/pkg/model", true},
		{"store", module + "/pkg/ledger", false},
		{"store", "net/http", false},
		{"store", "net/http/httptrace", false},
		{"ledger", module + "/pkg/store", true},
		{"ledger", module + "/pkg/engine", false},
		{"ledger", module + "/pkg/fields", false},
		{"ledger", "github.com/nats-io/nats.go", false},
		{"engine", module + "/pkg/ledger", true},
		{"engine", module + "/pkg/query", false},
		{"engine", sdk + "/data", false},
		{"fields", module + "/pkg/store", true},
		{"fields", module + "/pkg/ledger", true},
		{"fields", module + "/pkg/engine", false},
		{"query", module + "/pkg/fields", true},
		{"query", module + "/pkg/engine", false},
		{"query", module + "/pkg/source/httpmonitor", false},
		{"query", module + "/pkg/plugin", false},
		{"source", module + "/pkg/model", true},
		{"source", module + "/pkg/ledger", false},
		{"source", module + "/pkg/query", false},
		{"source/httpmonitor", module + "/pkg/source", true},
		{"source/httpmonitor", "net/http", true},
		{"source/httpmonitor", module + "/pkg/query", false},
		{"frames", module + "/pkg/engine", true},
		{"frames", sdk + "/data", true},
		{"frames", module + "/pkg/source", false},
		{"frames", module + "/pkg/framesextra", false},
		{"settings", sdk + "/backend", true},
		{"settings", module + "/pkg/reason", true},
		{"settings", module + "/pkg/query", false},
		{"settings", "gopkg.in/yaml.v3", false},
		{"settings", "net/url", true},
		{"reads", module + "/pkg/query", false},
		{"answer", module + "/pkg/engine", true},
		{"plugin", module + "/pkg/engine", false},
		{"plugin", module + "/pkg/source/httpmonitor", true},
		{"plugin", "github.com/nats-io/nats.go", false},
		{"elsewhere", "time", false},
	} {
		complaint := violation(test.folder, test.imported)
		if test.allowed != (complaint == "") {
			t.Errorf("pkg/%s importing %s: %q", test.folder, test.imported, complaint)
		}
	}
}

// violation says why a package may not import another, or nothing.
func violation(folder, imported string) string {
	if folder == "." {
		return ""
	}
	name, _, _ := strings.Cut(folder, "/")
	rule, known := rooms[name]
	if !known {
		return "pkg/" + name + " has no rule: say here whom it may know"
	}
	if ours, own := strings.CutPrefix(imported, module+"/pkg/"); own {
		target, _, _ := strings.Cut(ours, "/")
		if target == name || slices.Contains(rule.ours, target) {
			return ""
		}
		return "pkg/" + folder + " must not import pkg/" + ours
	}
	for _, forbidden := range rule.never {
		if within(imported, forbidden) {
			return "pkg/" + folder + " must not import " + imported
		}
	}
	thirdParty := strings.Contains(strings.Split(imported, "/")[0], ".")
	if rule.onlySDK && thirdParty && !within(imported, sdk) {
		return "pkg/" + folder + " must not import " + imported
	}
	return ""
}

func within(imported, prefix string) bool {
	return imported == prefix || strings.HasPrefix(imported, prefix+"/")
}

// importsOf lists what the Go files below a folder import, tests aside.
func importsOf(t *testing.T, folder string) map[string][]string {
	t.Helper()
	root := filepath.Join(repository, folder)
	imports := map[string][]string{}
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, filepath.Dir(file))
		if err != nil {
			return err
		}
		for _, spec := range parsed.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports[filepath.ToSlash(relative)] = append(imports[filepath.ToSlash(relative)], name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return imports
}

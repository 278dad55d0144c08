package architecture_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// maxFiles is how many files a package has at most, tests aside (decision D10).
const maxFiles = 12

// listed is a package as go list tells it.
type listed struct {
	path, folder string
	files        []string
}

func TestPackagesAreSmallAndSayWhatTheyKnow(t *testing.T) {
	packages, _ := ourPackages(t)
	for _, p := range packages {
		if n := len(p.files); n > maxFiles {
			t.Errorf("%s has %d files, more than %d", p.path, n, maxFiles)
		}
		doc, err := os.ReadFile(filepath.Join(p.folder, "doc.go"))
		if err != nil {
			t.Errorf("%s has no doc.go", p.path)
			continue
		}
		if words := strings.Join(strings.Fields(strings.ReplaceAll(string(doc), "//", "")), " "); !strings.Contains(words, "not know") {
			t.Errorf("%s: doc.go does not say what the package does not know", p.path)
		}
	}
}

func TestFilesOfAPackageDoNotRunInCircles(t *testing.T) {
	packages, exports := ourPackages(t)
	arrows := 0
	for _, p := range packages {
		uses, err := usesOf(p.path, sourcesOf(t, p), exports)
		if err != nil {
			t.Fatal(err)
		}
		for _, targets := range uses {
			arrows += len(targets)
		}
		if circle := circleIn(uses); circle != nil {
			t.Errorf("%s: %s", p.path, circle)
		}
	}
	if arrows < 100 {
		t.Errorf("%d arrows between files: the test looks in the wrong place", arrows)
	}
}

func TestCirclesAreNoticed(t *testing.T) {
	a := "package p; type T struct{ n int }; func A() { B() }"
	for name, test := range map[string]struct {
		b      string
		circle bool
	}{
		"one way":        {"package p; func B() {}", false},
		"types":          {"package p; func B() { _ = T{} }", true},
		"functions":      {"package p; func B() { A() }", true},
		"a method":       {"package p; func B() {}; func (t T) M() {}", true},
		"by a local one": {"package p; func B() { type T int; _ = T(0) }", false},
	} {
		t.Run(name, func(t *testing.T) {
			uses, err := usesOf("p", map[string]string{"a.go": a, "b.go": test.b}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if circle := circleIn(uses); test.circle != (circle != nil) {
				t.Errorf("%v in %v", circle, uses)
			}
		})
	}
}

// ourPackages are those below pkg/, and where the compiled form of each that they import is.
func ourPackages(t *testing.T) (ours []listed, exports map[string]string) {
	t.Helper()
	const format = "{{.ImportPath}}\t{{.Export}}\t{{.Dir}}\t{{range .GoFiles}}{{.}} {{end}}"
	list := exec.CommandContext(t.Context(), "go", "list", "-export", "-deps", "-f", format, "./pkg/...")
	list.Dir = repository
	output, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	exports = map[string]string{}
	for line := range strings.Lines(string(output)) {
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		exports[columns[0]] = columns[1]
		if strings.HasPrefix(columns[0], module+"/pkg/") {
			ours = append(ours, listed{path: columns[0], folder: columns[2], files: strings.Fields(columns[3])})
		}
	}
	if len(ours) < len(rooms) {
		t.Fatalf("%d packages: the test looks in the wrong place", len(ours))
	}
	return ours, exports
}

func sourcesOf(t *testing.T, p listed) map[string]string {
	t.Helper()
	sources := map[string]string{}
	for _, name := range p.files {
		text, err := os.ReadFile(filepath.Join(p.folder, name))
		if err != nil {
			t.Fatal(err)
		}
		sources[name] = string(text)
	}
	return sources
}

// usesOf tells which files of a package use which others: the types, functions,
// variables and constants that are declared there. Methods come with their type.
func usesOf(path string, sources, exports map[string]string) (map[string][]string, error) {
	positions := token.NewFileSet()
	var files []*ast.File
	for name, text := range sources {
		file, err := parser.ParseFile(positions, name, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	compiled := importer.ForCompiler(positions, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	if _, err := (&types.Config{Importer: compiled}).Check(path, positions, files, info); err != nil {
		return nil, err
	}
	uses := map[string][]string{}
	for identifier, object := range info.Uses {
		if object.Pkg() == nil || object.Pkg().Path() != path || object.Parent() != object.Pkg().Scope() {
			continue
		}
		from, to := positions.Position(identifier.Pos()).Filename, positions.Position(object.Pos()).Filename
		if from != to && !slices.Contains(uses[from], to) {
			uses[from] = append(uses[from], to)
		}
	}
	return uses, nil
}

// circle is files that use each other in turn.
type circle []string

func (c circle) String() string {
	return fmt.Sprintf("%s → %s is a circle: what should the first not know?", strings.Join(c, " → "), c[0])
}

// circleIn finds one, if there is any.
func circleIn(uses map[string][]string) circle {
	var way circle
	done := map[string]bool{}
	var visit func(file string) circle
	visit = func(file string) circle {
		if i := slices.Index(way, file); i >= 0 {
			return slices.Clone(way[i:])
		}
		if done[file] {
			return nil
		}
		way = append(way, file)
		for _, next := range uses[file] {
			if found := visit(next); found != nil {
				return found
			}
		}
		way, done[file] = way[:len(way)-1], true
		return nil
	}
	for file := range uses {
		if found := visit(file); found != nil {
			return found
		}
	}
	return nil
}

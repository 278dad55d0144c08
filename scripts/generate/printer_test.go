package main

import (
	"reflect"
	"strings"
	"testing"
)

// The layouts are prettier's; `npm run lint` holds the generated files against prettier itself.
func TestPrinter(t *testing.T) {
	long := strings.Repeat("x", 112)
	for name, test := range map[string]struct {
		value        any
		script, json string
	}{
		"text":          {"plain", `'plain'`, `"plain"`},
		"apostrophe":    {"server's", `"server's"`, `"server's"`},
		"both quotes":   {`a'b"c`, `'a\'b"c'`, `"a'b\"c"`},
		"angle":         {"a < b & c", `'a < b & c'`, `"a < b & c"`},
		"number":        {42, `42`, `42`},
		"truth":         {true, `true`, `true`},
		"empty object":  {object{}, `{}`, `{}`},
		"empty array":   {[]any{}, `[]`, `[]`},
		"short array":   {[]any{"a", "b"}, `['a', 'b']`, `["a", "b"]`},
		"names":         {object{{"a b", 1}, {"c", 2}}, "{\n  'a b': 1,\n  c: 2,\n}", "{\n  \"a b\": 1,\n  \"c\": 2\n}"},
		"long array":    {[]any{long, "b"}, "[\n  '" + long + "',\n  'b',\n]", "[\n  \"" + long + "\",\n  \"b\"\n]"},
		"long text":     {object{{"meaning", long}}, "{\n  meaning:\n    '" + long + "',\n}", "{\n  \"meaning\": \"" + long + "\"\n}"},
		"short name":    {object{{"link", long + "x"}}, "{\n  link: '" + long + "x',\n}", "{\n  \"link\": \"" + long + "x\"\n}"},
		"array of rows": {[]any{object{{"a", 1}}}, "[\n  {\n    a: 1,\n  },\n]", "[\n  {\n    \"a\": 1\n  }\n]"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := (printer{script: true}).value(test.value, "", ""); got != test.script {
				t.Errorf("TypeScript:\n%s\nwant\n%s", got, test.script)
			}
			if got := (printer{}).value(test.value, "", ""); got != test.json {
				t.Errorf("JSON:\n%s\nwant\n%s", got, test.json)
			}
		})
	}
}

func TestLongUnionsTakeALineEach(t *testing.T) {
	m := newModule()
	m.union("Short", "Few words.", []string{"a", "b"})
	m.union("Long", "", []string{strings.Repeat("x", 60), strings.Repeat("y", 60)})
	want := generatedTS + "\n/** Few words. */\nexport type Short = 'a' | 'b';\n\nexport type Long =\n  | '" +
		strings.Repeat("x", 60) + "'\n  | '" + strings.Repeat("y", 60) + "';\n"
	if m.String() != want {
		t.Errorf("got\n%s\nwant\n%s", m.String(), want)
	}
}

func TestUnknownTypesAreRefused(t *testing.T) {
	if name, err := typeOf(reflect.TypeOf(make(chan int))); err == nil {
		t.Errorf("a channel became %q", name)
	}
}

func TestConstantsAndCommentsAreRead(t *testing.T) {
	of, err := readSource(repository, "pkg/reason")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(of.constants["Severity"], " "); got != "info warning error critical" {
		t.Errorf("severities %q", got)
	}
	if got := of.comments["Reason.Link"]; got != "Link is the page that explains it." {
		t.Errorf("comment %q", got)
	}
	if _, err := readSource(repository, "docs"); err == nil {
		t.Error("a folder without Go files was accepted")
	}
}

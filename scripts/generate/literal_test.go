package main

import (
	"reflect"
	"strings"
	"testing"
)

func TestLiterals(t *testing.T) {
	for name, test := range map[string]struct {
		value any
		want  string
	}{
		"text":    {"plain", `"plain"`},
		"quotes":  {`a'b"c`, `"a'b\"c"`},
		"angle":   {"a < b & c", `"a < b & c"`},
		"number":  {42, `42`},
		"truth":   {true, `true`},
		"nothing": {object{}, `{}`},
		"list":    {[]any{"a", 1}, `["a", 1]`},
		"order":   {object{{"b", 1}, {"a", object{{"c", []any{}}}}}, "{\n\"b\": 1,\n\"a\": {\n\"c\": []}}"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := literal(test.value); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
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

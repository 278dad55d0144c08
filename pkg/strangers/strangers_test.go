package strangers

import (
	"strings"
	"testing"
)

func TestTextOfStrangersIsPartOfOneLine(t *testing.T) {
	for text, want := range map[string]string{
		"billing-service":              "billing-service",
		"Zahlungen für Ærøskøbing 支付":  "Zahlungen für Ærøskøbing 支付",
		"a\nClient Closed: b":          `a\nClient Closed: b`,
		"\x1b[31;1mALARM":              `\x1b[31;1mALARM`,
		"\u202egnp.exe":                `\u202egnp.exe`,
		"a\u2028b\u2066c":              `a\u2028b\u2066c`,
		"nul\x00 and tab\t":            `nul\x00 and tab\t`,
		"not UTF-8 \xff":               "not UTF-8 \ufffd",
		strings.Repeat("x", 120):       strings.Repeat("x", 120),
		strings.Repeat("é", 4000):      strings.Repeat("é", 120) + "…",
		"it's \"quoted\" and \\ stays": "it's \"quoted\" and \\ stays",
	} {
		if got := Quoted(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

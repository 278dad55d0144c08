package frames

import (
	"html"
	"strconv"
	"strings"
	"unicode"
)

// longestName is how much of a stranger's text a sentence has room for.
const longestName = 120

// quoted makes a stranger's text part of one line (decision D14): what would break
// the line, colour a terminal or turn the reading direction is written out.
func quoted(text string) string {
	var b strings.Builder
	room := longestName
	for _, r := range text {
		if room == 0 {
			b.WriteRune('…')
			break
		}
		room--
		if unicode.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
	}
	return b.String()
}

// asHTML makes a line the text of an annotation, which Grafana renders as HTML.
func asHTML(line string) string { return html.EscapeString(line) }

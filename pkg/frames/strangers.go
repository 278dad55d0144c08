package frames

import (
	"html"
	"strconv"
	"strings"
	"unicode"
)

const (
	// longestName is how much of a stranger's text a sentence has room for.
	longestName = 120
	// longestLabel is how much an alert's label has, which goes into messages.
	longestLabel = 200
)

// quoted makes a stranger's text part of one line (decision D14): what would break
// the line, colour a terminal or turn the reading direction is written out.
func quoted(text string) string { return quotedUpTo(text, longestName) }

func quotedUpTo(text string, room int) string {
	var b strings.Builder
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

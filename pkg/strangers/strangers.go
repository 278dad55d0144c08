package strangers

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

// Quoted makes a stranger's text part of one line (decision D14): what would break
// the line, colour a terminal or turn the reading direction is written out.
func Quoted(text string) string { return upTo(text, longestName) }

// Label makes a stranger's text the label of an alert, in the same way.
func Label(text string) string { return upTo(text, longestLabel) }

// WrittenOut is the whole of a stranger's text, in the same way.
func WrittenOut(text string) string { return upTo(text, len(text)) }

func upTo(text string, room int) string {
	if isPlain(text) && len(text) <= room {
		return text
	}
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

// isPlain reports whether a text is of nothing but printable ASCII, as most are.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// HTML makes a line the text of an annotation, which Grafana renders as HTML.
func HTML(line string) string { return html.EscapeString(line) }

package decode

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

const (
	// MaxText is how many bytes are kept of a text that somebody else chose:
	// whoever opens a connection may name it with as much as the server's
	// max_control_line holds, before logging in.
	MaxText = 256
	// sumSize is how many bytes of a checksum tell apart what begins the same.
	sumSize = 4
)

// Text is what is kept of a text.
func Text(raw []byte) string {
	text := string(raw)
	if !utf8.ValidString(text) {
		text = string([]rune(text))
	}
	if len(text) <= MaxText || isShortened(text) {
		return text
	}
	end := MaxText
	for !utf8.RuneStart(text[end]) {
		end--
	}
	sum := sha256.Sum256([]byte(text))
	return text[:end] + "…" + hex.EncodeToString(sum[:sumSize])
}

// isShortened reports whether a text is what is kept of a longer one: what was kept
// is read again from a history.
func isShortened(text string) bool {
	begin := len(text) - hex.EncodedLen(sumSize)
	head, marked := strings.CutSuffix(text[:begin], "…")
	if !marked || len(head) > MaxText || len(head) <= MaxText-utf8.UTFMax {
		return false
	}
	_, err := hex.DecodeString(text[begin:])
	return err == nil
}

// texts keeps one copy of each text of an answer.
type texts map[string]string

func (t texts) of(raw []byte) string {
	if text, known := t[string(raw)]; known {
		return text
	}
	text := Text(raw)
	if len(raw) <= MaxText {
		t[text] = text
	}
	return text
}

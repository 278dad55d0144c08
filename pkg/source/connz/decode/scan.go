package decode

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
)

// scanner walks JSON without building anything of what is not asked for. Rings
// are megabytes of small records: general decoders spend most of their time on
// finding fields and on values that are dropped anyway.
type scanner struct {
	data []byte
	pos  int
}

// maxDepth bounds what is skipped; answers of servers nest four deep.
const maxDepth = 64

var (
	errDepth     = errors.New("the JSON is nested too deep")
	errTruncated = errors.New("the JSON ends in the middle")
)

func (s *scanner) unexpected(want string) error {
	if s.pos >= len(s.data) {
		return errTruncated
	}
	return fmt.Errorf("%s expected at byte %d", want, s.pos)
}

// indent is what servers put before each member of a record.
const indent = "\n      "

// peek is the next byte that is not white space, 0 at the end.
func (s *scanner) peek() byte {
	if s.pos < len(s.data) && s.data[s.pos] > ' ' {
		return s.data[s.pos]
	}
	if end := s.pos + len(indent); end < len(s.data) && string(s.data[s.pos:end]) == indent {
		s.pos = end
	}
	for ; s.pos < len(s.data); s.pos++ {
		switch c := s.data[s.pos]; c {
		case ' ', '\n', '\r', '\t':
		default:
			return c
		}
	}
	return 0
}

func (s *scanner) take(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.pos++
	return true
}

// object calls field for each member, with the cursor at its value.
func (s *scanner) object(field func(key []byte) error) error {
	if !s.take('{') {
		return s.unexpected("an object")
	}
	for first := true; ; first = false {
		key, err := s.nextKey(first)
		if err != nil || key == nil {
			return err
		}
		if err := field(key); err != nil {
			return err
		}
	}
}

// nextKey reads up to the value of an object's next member; nil at its end.
func (s *scanner) nextKey(first bool) ([]byte, error) {
	if s.take('}') {
		return nil, nil
	}
	if !first && !s.take(',') {
		return nil, s.unexpected("a comma")
	}
	key, err := s.text()
	if err != nil {
		return nil, err
	}
	if !s.take(':') {
		return nil, s.unexpected("a colon")
	}
	return key, nil
}

// array calls element with the cursor at each element.
func (s *scanner) array(element func() error) error {
	if !s.take('[') {
		return s.unexpected("a list")
	}
	if s.take(']') {
		return nil
	}
	for {
		if err := element(); err != nil {
			return err
		}
		if s.take(']') {
			return nil
		}
		if !s.take(',') {
			return s.unexpected("a comma")
		}
	}
}

// shortText is the length up to which a plain loop beats a vectorised search.
const shortText = 24

// text is the value of a string. It shares the scanned data unless it holds
// escapes.
func (s *scanner) text() ([]byte, error) {
	if !s.take('"') {
		return nil, s.unexpected("a text")
	}
	rest := s.data[s.pos:]
	for i, c := range rest[:min(shortText, len(rest))] {
		if c == '"' {
			s.pos += i + 1
			return rest[:i], nil
		}
		if c == '\\' {
			break
		}
	}
	return s.longText()
}

func (s *scanner) longText() ([]byte, error) {
	start := s.pos
	if err := s.toQuote(); err != nil {
		return nil, err
	}
	raw := s.data[start : s.pos-1]
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw, nil
	}
	var text string
	if err := json.Unmarshal(s.data[start-1:s.pos], &text); err != nil {
		return nil, err
	}
	return []byte(text), nil
}

// toQuote moves behind the quote that ends the text at the cursor.
func (s *scanner) toQuote() error {
	for start := s.pos; ; {
		n := bytes.IndexByte(s.data[s.pos:], '"')
		if n < 0 {
			s.pos = len(s.data)
			return errTruncated
		}
		s.pos += n + 1
		if !endsInEscape(s.data[start : s.pos-1]) {
			return nil
		}
	}
}

// endsInEscape reports whether the quote after raw belongs to the text.
func endsInEscape(raw []byte) bool {
	n := 0
	for i := len(raw) - 1; i >= 0 && raw[i] == '\\'; i-- {
		n++
	}
	return n%2 == 1
}

func (s *scanner) uint64() (uint64, error) {
	s.peek()
	start := s.pos
	var n uint64
	for ; s.pos < len(s.data); s.pos++ {
		digit := uint64(s.data[s.pos] - '0')
		if digit > 9 {
			break
		}
		if n > (math.MaxUint64-digit)/10 {
			return s.float(start)
		}
		n = n*10 + digit
	}
	if s.pos == start {
		return 0, s.unexpected("a whole number")
	}
	if s.pos < len(s.data) && (s.data[s.pos] == '.' || s.data[s.pos]|0x20 == 'e') {
		return s.float(start)
	}
	return n, nil
}

// float reads a whole number that is written as another one, such as 1e+15:
// what stands between a server and us may count in floating point.
func (s *scanner) float(start int) (uint64, error) {
	s.skipNumber()
	raw := s.data[start:s.pos]
	n, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || !bytes.ContainsAny(raw, ".eE") || n != math.Trunc(n) || n >= math.MaxInt64 {
		return 0, fmt.Errorf("the number at byte %d is not a whole one that fits", start)
	}
	return uint64(n), nil
}

func (s *scanner) int64() (int64, error) {
	negative := s.take('-')
	n, err := s.uint64()
	switch {
	case err != nil:
		return 0, err
	case negative && n <= -math.MinInt64:
		return -int64(n), nil
	case negative || n > math.MaxInt64:
		return 0, fmt.Errorf("the number before byte %d is too large", s.pos)
	}
	return int64(n), nil
}

func (s *scanner) literal(word string) error {
	if !bytes.HasPrefix(s.data[s.pos:], []byte(word)) {
		return s.unexpected(word)
	}
	s.pos += len(word)
	return nil
}

// skip passes over any value.
func (s *scanner) skip() error { return s.skipWithin(maxDepth) }

func (s *scanner) skipWithin(depth int) error {
	if depth == 0 {
		return errDepth
	}
	switch c := s.peek(); {
	case c == '"':
		s.pos++
		return s.toQuote()
	case c == '{':
		return s.object(func([]byte) error { return s.skipWithin(depth - 1) })
	case c == '[':
		return s.array(func() error { return s.skipWithin(depth - 1) })
	case c == 't':
		return s.literal("true")
	case c == 'f':
		return s.literal("false")
	case c == 'n':
		return s.literal("null")
	case c == '-' || c >= '0' && c <= '9':
		s.skipNumber()
		return nil
	}
	return s.unexpected("a value")
}

func (s *scanner) skipNumber() {
	for ; s.pos < len(s.data); s.pos++ {
		switch c := s.data[s.pos]; {
		case c >= '0' && c <= '9', c == '-', c == '+', c == '.', c == 'e', c == 'E':
		default:
			return
		}
	}
}

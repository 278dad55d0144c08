package testnats

import (
	"bytes"
	"math/rand/v2"
	"strings"
)

// hostile are values in place of others: of wrong types, sizes and bytes.
var hostile = []string{
	"null", "true", "-1", "0", "-0", "1e999", "-1e999", "9223372036854775807", "-9223372036854775808", "18446744073709551616",
	strings.Repeat("9", 5000), "0.1", "1E400", "-", "00", "1.", `""`, `"\u0000"`, `"\ud800"`, "\"\xff\xfe\"", `"a\nb"`, "[]", "{}", "[[]]",
	"[" + strings.Repeat("9,", 10_000) + "9]", strings.Repeat("[", 200_000), strings.Repeat(`{"a":`, 100_000),
	strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), `"` + strings.Repeat("x", 1<<20) + `"`, `"` + strings.Repeat(`\u00e9`, 1<<16) + `"`,
	`"0001-01-01T00:00:00Z"`, `"9999-12-31T23:59:59.999999999+23:59"`, `"-2026-01-01T00:00:00Z"`, `"2026-13-45T99:99:99Z"`, "nul", "tru", `"`,
	`{"server_id":"N","id":"a.*.>","name":"\u202e","connections":[null,1,"x",{"cid":-1},{"cid":1},{"cid":1}]}`,
}

// Hostile is a reply with a few things wrong about it.
func Hostile(r *rand.Rand, reply []byte) []byte {
	body := bytes.Clone(reply)
	for range r.IntN(4) {
		body = spoilt(r, body)
	}
	return body
}

func spoilt(r *rand.Rand, body []byte) []byte {
	if len(body) == 0 {
		return []byte(hostile[r.IntN(len(hostile))])
	}
	at := r.IntN(len(body))
	switch r.IntN(6) {
	case 0: // cut
		return body[:at]
	case 1: // a byte
		body[at] = byte(r.IntN(256))
		return body
	case 2: // a part of it twice, such as a member
		to := min(at+r.IntN(200), len(body))
		return bytes.Join([][]byte{body[:to], body[at:]}, nil)
	case 3: // a part of it not
		to := min(at+r.IntN(50), len(body))
		return append(body[:at:at], body[to:]...)
	}
	// Another value.
	colon := bytes.IndexByte(body[at:], ':')
	if colon < 0 {
		return body
	}
	from := at + colon + 1
	end := bytes.IndexAny(body[from:], ",}]")
	if end < 0 {
		return body
	}
	return bytes.Join([][]byte{body[:from], []byte(hostile[r.IntN(len(hostile))]), body[from+end:]}, nil)
}

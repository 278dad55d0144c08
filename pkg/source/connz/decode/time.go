package decode

import (
	"bytes"
	"errors"
	"math"
	"time"
)

var errOffset = errors.New("the time has an offset that does not exist")

// clock reads times. Those of one answer mostly share their day and offset, so only
// what is within the day is read anew.
type clock struct {
	// day and zone are the bytes before and after the time of day.
	day   [daySize]byte
	zone  []byte
	start time.Time
}

const (
	daySize   = len("2006-01-02T")
	clockSize = len("15:04:05")
)

// next reads the time that data begins with, up to its closing quote, if it is of the
// same day and offset as the one before; size is 0 if it is not.
func (c *clock) next(data []byte) (t time.Time, size int) {
	if len(data) < daySize+clockSize || !bytes.Equal(data[:daySize], c.day[:]) {
		return time.Time{}, 0
	}
	within, rest, ok := parseWithinDay(data[daySize:])
	end := len(c.zone)
	if !ok || end == 0 || len(rest) <= end || rest[end] != '"' || !bytes.HasPrefix(rest, c.zone) {
		return time.Time{}, 0
	}
	return c.start.Add(within), len(data) - len(rest) + end
}

// parse reads any RFC 3339 time as UTC.
func (c *clock) parse(raw []byte) (time.Time, error) {
	t, err := parseTime(raw)
	if err != nil {
		return time.Time{}, err
	}
	if within, rest, ok := parseWithinDay(raw[daySize:]); ok {
		copy(c.day[:], raw)
		c.zone, c.start = rest, t.Add(-within)
	}
	return t, nil
}

// parseWithinDay reads the time of day, and returns what follows it.
func parseWithinDay(raw []byte) (time.Duration, []byte, bool) {
	hours, isHours := twoDigits(raw, 0)
	minutes, isMinutes := twoDigits(raw, len("15:"))
	seconds, isSeconds := twoDigits(raw, len("15:04:"))
	if !isHours || !isMinutes || !isSeconds || raw[2] != ':' || raw[5] != ':' || hours > 23 || minutes > 59 || seconds > 59 {
		return 0, nil, false
	}
	within := hours*time.Hour + minutes*time.Minute + seconds*time.Second
	raw = raw[clockSize:]
	if len(raw) == 0 || raw[0] != '.' {
		return within, raw, true
	}
	unit := time.Second
	for i, c := range raw[1:] {
		if c < '0' || c > '9' {
			return within, raw[1+i:], i > 0
		}
		unit /= 10
		within += time.Duration(c-'0') * unit
	}
	return 0, nil, false
}

// twoDigits reads a number of two digits.
func twoDigits(raw []byte, at int) (time.Duration, bool) {
	tens, ones := raw[at]-'0', raw[at+1]-'0'
	return time.Duration(tens*10 + ones), tens <= 9 && ones <= 9
}

// parseTime reads an RFC 3339 time as UTC. Times with an offset are read as if
// they were UTC and moved: time.Time would keep a location for each of them.
func parseTime(raw []byte) (time.Time, error) {
	var t time.Time
	at := len(raw) - len("-05:00")
	if at < daySize+clockSize || raw[at] != '+' && raw[at] != '-' {
		err := t.UnmarshalText(raw)
		return t.UTC(), err
	}
	var buffer [48]byte
	local := append(append(buffer[:0], raw[:at]...), 'Z')
	if err := t.UnmarshalText(local); err != nil {
		return time.Time{}, err
	}
	east, err := parseOffset(raw[at:])
	return t.Add(-east).UTC(), err
}

// parseOffset reads an offset such as -05:00.
func parseOffset(raw []byte) (time.Duration, error) {
	digit := func(i int) time.Duration { return time.Duration(raw[i] - '0') }
	for _, i := range []int{1, 2, 4, 5} {
		if digit(i) > 9 {
			return 0, errOffset
		}
	}
	hours, minutes := digit(1)*10+digit(2), digit(4)*10+digit(5)
	if raw[3] != ':' || hours > 23 || minutes > 59 {
		return 0, errOffset
	}
	east := hours*time.Hour + minutes*time.Minute
	if raw[0] == '-' {
		return -east, nil
	}
	return east, nil
}

// parseDuration reads Go's text of a duration. What has one unit, such as
// 1.329479ms, is read without the copy that the library needs.
func parseDuration(raw []byte) (time.Duration, error) {
	var n, scale time.Duration = 0, 1
	fraction := false
	for i, c := range raw {
		switch {
		case c >= '0' && c <= '9' && i < 17:
			n = n*10 + time.Duration(c-'0')
			if fraction {
				scale *= 10
			}
		case c == '.' && !fraction:
			fraction = true
		default:
			unit := unitOf(raw[i:])
			if unit == 0 || i > 16 || n > math.MaxInt64/unit {
				return time.ParseDuration(string(raw))
			}
			return n * unit / scale, nil
		}
	}
	return time.ParseDuration(string(raw))
}

// uptimeUnits are those of a server's uptime, which has no fractions.
var uptimeUnits = map[byte]time.Duration{
	'y': 365 * 24 * time.Hour, 'd': 24 * time.Hour, 'h': time.Hour, 'm': time.Minute, 's': time.Second,
}

var errUptime = errors.New("no server says so how long it has been running")

// maxUptimeDigits are more than a number of an uptime has.
const maxUptimeDigits = 4

// parseUptime reads a server's own text of how long it has been running, such as 1y2d3h4m5s.
func parseUptime(raw []byte) (time.Duration, error) {
	var up, n time.Duration
	digits := 0
	for _, c := range raw {
		unit, is := uptimeUnits[c]
		switch {
		case c >= '0' && c <= '9' && digits < maxUptimeDigits:
			n = n*10 + time.Duration(c-'0')
			digits++
		case is && digits > 0:
			up += n * unit
			n, digits = 0, 0
		default:
			return 0, errUptime
		}
	}
	if digits > 0 {
		return 0, errUptime
	}
	return up, nil
}

func unitOf(raw []byte) time.Duration {
	switch string(raw) {
	case "ns":
		return time.Nanosecond
	case "µs":
		return time.Microsecond
	case "ms":
		return time.Millisecond
	case "s":
		return time.Second
	}
	return 0
}

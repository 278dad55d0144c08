package model

import (
	"math"
	"time"
)

var earliest, latest = time.Unix(0, math.MinInt64+1), time.Unix(0, math.MaxInt64-1)

// Nanos are since the Unix epoch; times that 64 bits cannot hold become the
// nearest that they can.
func Nanos(t time.Time) int64 {
	switch {
	case t.Before(earliest):
		return math.MinInt64 + 1
	case t.After(latest):
		return math.MaxInt64 - 1
	default:
		return t.UnixNano()
	}
}

// Moment is the time of so many nanoseconds since the Unix epoch, in UTC.
func Moment(nanos int64) time.Time { return time.Unix(0, nanos).UTC() }

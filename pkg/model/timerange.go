package model

import "time"

// TimeRange is a half-open span of time: From is in it, To is not.
type TimeRange struct{ From, To time.Time }

// Before is the time before the range, as long as it.
func (r TimeRange) Before() TimeRange {
	return TimeRange{From: r.From.Add(-r.To.Sub(r.From)), To: r.From}
}

// Contains tells whether t lies in the range.
func (r TimeRange) Contains(t time.Time) bool { return !t.Before(r.From) && t.Before(r.To) }

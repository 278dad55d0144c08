package model

import "time"

// TimeRange is a half-open span of time: From is in it, To is not.
type TimeRange struct{ From, To time.Time }

// Contains tells whether t lies in the range.
func (r TimeRange) Contains(t time.Time) bool { return !t.Before(r.From) && t.Before(r.To) }

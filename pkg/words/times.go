package words

import "time"

// Time is a moment to the second, in UTC: who reads it may be anywhere.
func Time(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

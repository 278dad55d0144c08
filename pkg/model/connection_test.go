package model

import (
	"testing"
	"time"
)

// TestAgesAreNeverNegative, nor as long as time itself where a start cannot be read.
func TestAgesAreNeverNegative(t *testing.T) {
	now := time.Date(2026, 11, 25, 17, 46, 59, 0, time.UTC)
	open := func(start, active time.Time) OpenConnection {
		return OpenConnection{Connection: &Connection{Start: start, LastActivity: active}, Now: now}
	}
	for name, c := range map[string]struct {
		connection     OpenConnection
		idle, duration time.Duration
	}{
		"as it should be":                {open(now.Add(-time.Minute), now.Add(-time.Second)), time.Second, time.Minute},
		"active while the list was made": {open(now.Add(time.Millisecond), now.Add(2*time.Millisecond)), 0, 0},
		"not told":                       {open(time.Time{}, time.Time{}), 0, 0},
	} {
		if c.connection.Idle() != c.idle || c.connection.Duration() != c.duration {
			t.Errorf("%s: idle %s, open for %s", name, c.connection.Idle(), c.connection.Duration())
		}
	}
	for start, want := range map[time.Time]time.Duration{now.Add(-time.Hour): time.Hour, now.Add(time.Hour): 0, {}: 0} {
		if got := (&Stop{Connection: Connection{Start: start}, At: now}).Duration(); got != want {
			t.Errorf("from %s: %s, want %s", start, got, want)
		}
	}
}

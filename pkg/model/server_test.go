package model

import (
	"testing"
	"time"
)

func TestWhoBeganLater(t *testing.T) {
	then := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	former := Server{ID: "A", Start: then}
	for name, c := range map[string]struct {
		server Server
		want   bool
	}{
		"a later one":                      {Server{Start: then.Add(time.Second)}, true},
		"an earlier one":                   {Server{Start: then.Add(-time.Second)}, false},
		"the same":                         {former, false},
		"one that does not tell when":      {Server{Uncounted: true}, true},
		"one whose counters are odd alone": {Server{Uncounted: true, Start: then.Add(-time.Second)}, false},
	} {
		if got := c.server.Later(former); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

package plugin

import (
	"testing"
	"time"
)

func TestWhatEndsAfterTheLastQuery(t *testing.T) {
	l := Leases{Connections: time.Hour, Memory: 24 * time.Hour}
	for name, test := range map[string]struct {
		idle         time.Duration
		inBackground bool
		want         due
	}{
		"asked just now":              {0, false, due{next: time.Hour}},
		"within the hour":             {59 * time.Minute, true, due{next: time.Minute}},
		"for an hour":                 {time.Hour, false, due{rest: true, next: 23 * time.Hour}},
		"for an hour, in background":  {time.Hour, true, due{next: 23 * time.Hour}},
		"for a day":                   {24 * time.Hour, false, due{forget: true}},
		"for longer, in background":   {30 * time.Hour, true, due{forget: true}},
		"nearly a day, in background": {24*time.Hour - time.Second, true, due{next: time.Second}},
	} {
		if got := l.after(test.idle, test.inBackground); got != test.want {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
}

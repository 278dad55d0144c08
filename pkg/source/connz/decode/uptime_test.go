package decode

import (
	"fmt"
	"testing"
	"time"
)

// TestUptimes are as servers print them.
func TestUptimes(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"0s": 0, "59s": 59 * time.Second, "1m5s": 65 * time.Second, "1h0m0s": time.Hour,
		"2d3h4m5s": 2*day + 3*time.Hour + 4*time.Minute + 5*time.Second, "1y364d23h0m0s": (365+364)*day + 23*time.Hour,
	} {
		if server, flaws, err := Varz(fmt.Appendf(nil, `{"uptime":%q}`, text)); server.Up != want || len(flaws) > 0 || err != nil {
			t.Errorf("%s is %s (%v, %v)", text, server.Up, flaws, err)
		}
	}
	for _, text := range []string{"5", "s", "1.5s", "-1s", "1s2", "12345d", "soon"} {
		if server, flaws, _ := Varz(fmt.Appendf(nil, `{"uptime":%q}`, text)); server.Up != 0 || len(flaws) == 0 {
			t.Errorf("%s is %s (%v)", text, server.Up, flaws)
		}
	}
}

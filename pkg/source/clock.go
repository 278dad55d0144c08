package source

import (
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// shortBound is well below the 30 s after which Grafana gives up on an alert rule.
const shortBound = 15 * time.Second

// Bound is how long a whole read may take, all its requests together, so that
// a slow server does not hold everybody.
func Bound(timeout time.Duration) time.Duration { return max(shortBound, timeout*3/2) }

// Heard completes a reading with when its server was heard, by our clock, and
// how far ahead of it the server's own is: what it says is taken for what it
// was in the middle between question and answer, so this is wrong by half the
// round trip at the most. A server that does not tell its time has ours.
func Heard(r *model.Reading, asked, answered time.Time) {
	r.HeardAt = asked.Add(answered.Sub(asked) / 2)
	if r.Server.Now.IsZero() {
		r.Server.Now = r.HeardAt.Round(0).UTC()
	}
	r.ClockOffset, r.ClockDoubt = r.Server.Now.Sub(r.HeardAt), answered.Sub(asked)/2
}

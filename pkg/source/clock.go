package source

import (
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Heard completes a reading with when its server was heard, by our clock, and
// how far ahead of it the server's own is: what it says is taken for what it
// was in the middle between question and answer, so this is wrong by half the
// round trip at the most.
func Heard(r *model.Reading, asked, answered time.Time) {
	r.HeardAt = asked.Add(answered.Sub(asked) / 2)
	r.ClockOffset = r.Server.Now.Sub(r.HeardAt)
}

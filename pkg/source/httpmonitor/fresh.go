package httpmonitor

import (
	"net/http"
	"strconv"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

const (
	// staleAfter is how old an answer may be that something on the way kept, and how
	// far counters and lists of one read may be apart: more would be taken for a
	// clock that is behind (decision D11), and make old news look like none.
	staleAfter = 2 * time.Second
)

// age is how old an answer is at least.
func (f *freshness) age(server model.Server, answered time.Time) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	if server.Now.IsZero() || server.ID != f.server || !server.Now.Equal(f.now) {
		f.server, f.now, f.since = server.ID, server.Now, answered
	}
	return answered.Sub(f.since)
}

// ageOf is how old an answer is by what a cache on the way says.
func ageOf(res *http.Response) time.Duration {
	seconds, err := strconv.ParseInt(res.Header.Get("Age"), 10, 32)
	if err != nil {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// apart is how far a list is at least from the counters of the same read, if it
// says when it was made: both were made between question and answer.
func (r *reader) apart(made time.Time, got reply) time.Duration {
	if made.IsZero() {
		return 0
	}
	counters, list := offsetsOf(r.server.Now, r.heard), offsetsOf(made, got)
	return max(list.least-counters.most, counters.least-list.most, 0)
}

// offsets are what a server's clock may be ahead of ours.
type offsets struct{ least, most time.Duration }

func offsetsOf(said time.Time, got reply) offsets {
	return offsets{said.Sub(got.answered), said.Sub(got.asked)}
}

func (r *reader) stale(step source.Step, age time.Duration) *source.Error {
	return r.fail(step, source.KindConfiguration, errStale, "A cache on the way answers for it, "+age.Round(time.Second).String()+" late.", keepNone)
}

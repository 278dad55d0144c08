package httpmonitor

import (
	"net/http"
	"strconv"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

const (
	// staleAfter is how old an answer may be that something on the way kept:
	// more than moments would make old news of new ones, and none of old ones.
	staleAfter = time.Minute
	// apartAfter is how far counters and lists of one read may be apart.
	apartAfter = 10 * time.Second
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

// apart is how far a list is from the counters of the same read, if it says
// when it was made.
func (r *reader) apart(made, answered time.Time) time.Duration {
	if made.IsZero() {
		return 0
	}
	return made.Sub(r.server.Now.Add(answered.Sub(r.heardAt))).Abs()
}

func (r *reader) stale(step source.Step, age time.Duration) *source.Error {
	return r.fail(step, source.KindConfiguration, errStale,
		"A cache on the way answers for it, "+age.Round(time.Second).String()+" late.",
		"Let what stands in front of the server pass on /varz and /connz without keeping answers.")
}

package membership

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

const (
	// namedFor is how long a silent server is told to be missing.
	namedFor = 24 * time.Hour
	// namelessFor is the same for one without a name of its own: nobody can tell
	// whether another one took its place.
	namelessFor = 5 * time.Minute
	// endedFor is the same for one that ended in order: long enough for a rollout to
	// start it again, or else it was removed on purpose.
	endedFor = 5 * time.Minute
	// countedFor is how long servers go on counting one that died without a word,
	// at least (nats-server.md#nobody-says-that-all-have-answered): one that they
	// do not count before that has said that it ends.
	countedFor = 100 * time.Second
)

// Most is how many servers may be expected at a time, more than any system has:
// whoever may answer requests can pretend to be as many as he likes.
const Most = 2048

// shutdown is why connections stop that a server ends itself before it ends.
const shutdown = "Server Shutdown"

// Member is a server that answered and so is expected to answer again.
type Member struct {
	Server model.Server
	// Where is what the place is called where it answered.
	Where string
	Heard time.Time
	// Ended: it ended in order, or was about to when it was heard last.
	Ended bool
	// beside are others in a place of the same name that answered beside it: none
	// of them took its place.
	beside []string
}

// Round is who answered in one read of all servers.
type Round struct {
	ids   map[string]model.Server
	named map[string][]model.Server
}

// NewRound is the round in which these servers answered.
func NewRound(servers []model.Server) Round {
	r := Round{ids: map[string]model.Server{}, named: map[string][]model.Server{}}
	for _, server := range servers {
		if _, twice := r.ids[server.ID]; !twice {
			r.ids[server.ID] = server
			r.named[server.Name] = append(r.named[server.Name], server)
		}
	}
	return r
}

// Answered reports whether the process of that id did.
func (r Round) Answered(id string) bool {
	_, answered := r.ids[id]
	return answered
}

// Member is server as one who answered in this round.
func (r Round) Member(server model.Server, where string, now time.Time) *Member {
	m := &Member{Server: server, Where: where, Heard: now}
	for _, other := range r.named[server.Name] {
		if other.Succeeds(server, false) {
			m.beside = append(m.beside, other.ID)
		}
	}
	return m
}

// Again is m, heard once more.
func (m *Member) Again(server model.Server, now time.Time) *Member {
	again := *m
	again.Server, again.Heard, again.Ended = server, now, false
	return &again
}

// Replaced reports whether somebody answered who took m's place.
func (r Round) Replaced(m *Member) bool {
	return slices.ContainsFunc(r.named[m.Server.Name], m.ReplacedBy)
}

// Follows reports whether server is another process in m's place that was not
// there together with it.
func (m *Member) Follows(server model.Server) bool {
	return server.Succeeds(m.Server, false) && !slices.Contains(m.beside, server.ID)
}

// ReplacedBy reports whether server took m's place.
func (m *Member) ReplacedBy(server model.Server) bool {
	return m.Follows(server) && server.Later(m.Server)
}

// Tells reports whether a reading shows that its server is about to end.
func Tells(r model.Reading) bool {
	return slices.ContainsFunc(r.Closed, func(s model.Stop) bool { return s.Reason == shutdown })
}

// Uncounted is m, whom others do not count any more, though they did.
func (m *Member) Uncounted(now time.Time) *Member {
	uncounted := *m
	uncounted.Ended = m.Ended || now.Sub(m.Heard) < countedFor
	return &uncounted
}

// Gone reports whether m was silent for so long that it is not missing any more;
// counted tells whether others still know of it.
func (m *Member) Gone(now time.Time, counted bool) bool {
	limit := namedFor
	switch {
	case !m.Server.Named():
		limit = namelessFor
	case m.Ended && !counted:
		limit = endedFor
	}
	return now.Sub(m.Heard) > limit
}

// Bound forgets those that were not heard for longest, where there are too many.
func Bound[M any](members map[string]M, heard func(M) time.Time) {
	if len(members) <= Most {
		return
	}
	byAge := slices.SortedFunc(maps.Keys(members), func(a, b string) int {
		return cmp.Or(heard(members[b]).Compare(heard(members[a])), cmp.Compare(a, b))
	})
	for _, id := range byAge[Most:] {
		delete(members, id)
	}
}

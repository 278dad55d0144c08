package natsrequest

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

const (
	// memberFor is how long a server that fell silent is told to be missing.
	memberFor = 24 * time.Hour
	// countedFor is how long servers go on counting one that died without a
	// word: 150 s, and up to 90 s until they look (nats-server.md#nobody-says-that-all-have-answered).
	countedFor = 5 * time.Minute
)

// roster is who belongs to the system: nobody lists its servers, so whoever
// answered once is expected to answer again.
type roster struct {
	mu      sync.Mutex
	members map[string]*member // by server id
	// unmet is how many servers others count that never answered.
	unmet int
}

type member struct {
	server model.Server
	heard  time.Time
	// silent: it was waited for once and did not answer; nobody waits again
	// until it is heard.
	silent bool
	// replaced is when a server of the same name answered in its place.
	replaced time.Time
}

func newRoster() *roster { return &roster{members: map[string]*member{}} }

// met tells whether anybody ever answered.
func (r *roster) met() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.members) > 0
}

// waits tells whether an answer is still worth waiting for. A patient reader
// waits also for who lately did not answer.
func (r *roster) waits(answers map[string]answer, patient bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	accounted := len(answers)
	for id, m := range r.members {
		if _, answered := answers[id]; answered {
			continue
		}
		switch {
		case !m.replaced.IsZero():
			accounted++
		case !m.silent:
			return true
		case !patient:
			accounted++
		}
	}
	if !patient {
		accounted += r.unmet
	}
	return accounted < active(answers)
}

func active(answers map[string]answer) int {
	most := 0
	for _, a := range answers {
		most = max(most, a.active)
	}
	return most
}

// note takes what a finished round brought, and returns who is missing.
func (r *roster) note(answers map[string]answer, now time.Time) (silent []model.Server, unmet int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	named := map[string]model.Server{}
	for id, a := range answers {
		r.members[id] = &member{server: a.server, heard: now}
		named[a.server.Name] = a.server
	}
	counted := len(answers)
	for id, m := range r.members {
		if _, answered := answers[id]; answered {
			continue
		}
		if successor, found := named[m.server.Name]; found && m.replaced.IsZero() && m.replacedBy(successor) {
			m.replaced = now
		}
		m.silent = true
		if m.gone(now, active(answers) <= len(answers)) {
			delete(r.members, id)
			continue
		}
		counted++
		if m.replaced.IsZero() {
			silent = append(silent, m.server)
		}
	}
	r.unmet = max(active(answers)-counted, 0)
	return silent, r.unmet
}

// replacedBy tells whether another of the same name is what it became.
func (m *member) replacedBy(other model.Server) bool {
	return other.Uncounted || other.Start.After(m.server.Start)
}

// gone tells whether a silent member is no longer one.
func (m *member) gone(now time.Time, uncounted bool) bool {
	switch {
	case !m.replaced.IsZero():
		return now.Sub(m.replaced) > countedFor
	case m.server.Name == m.server.ID:
		// Without a name of its own it has another one after each start.
		return uncounted
	}
	return now.Sub(m.heard) > memberFor
}

// hear takes an answer that came too late for its round: it is worth waiting
// for the next one.
func (r *roster) hear(a answer, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.members[a.server.ID]; !known {
		r.unmet = max(r.unmet-1, 0)
	}
	r.members[a.server.ID] = &member{server: a.server, heard: now}
}

// expected are the members that are not replaced.
func (r *roster) expected() []model.Server {
	r.mu.Lock()
	defer r.mu.Unlock()
	var servers []model.Server
	for _, id := range slices.Sorted(maps.Keys(r.members)) {
		if m := r.members[id]; m.replaced.IsZero() {
			servers = append(servers, m.server)
		}
	}
	return servers
}

package natsrequest

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source/membership"
)

// countedFor is how long servers go on counting one that died without a word, at
// most: 150 s, and up to 90 s until they look (nats-server.md#nobody-says-that-all-have-answered).
const countedFor = 5 * time.Minute

// roster is who belongs to the system: nobody lists its servers, so whoever
// answered once is expected to answer again.
type roster struct {
	mu      sync.Mutex
	members map[string]*member // by server id
	// unmet is how many servers others count that never answered.
	unmet int
}

type member struct {
	*membership.Member
	// silent: it was waited for once and did not answer; nobody waits again
	// until it is heard.
	silent bool
	// replaced is when another process answered in its place.
	replaced time.Time
}

func newRoster() *roster { return &roster{members: map[string]*member{}} }

// met reports whether anybody ever answered.
func (r *roster) met() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.members) > 0
}

// waits reports whether an answer is still worth waiting for. A patient reader
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
	return min(most, membership.Most)
}

// note takes what a finished round brought, and returns who is missing.
func (r *roster) note(answers map[string]answer, now time.Time) (silent []*membership.Member, unmet int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	round := roundOf(answers)
	uncounted := r.countsAll(answers)
	for id, a := range answers {
		r.members[id] = &member{Member: round.Member(a.server, a.server.Name, now)}
	}
	counted := len(answers)
	for id, m := range r.members {
		if round.Answered(id) {
			continue
		}
		if m.replaced.IsZero() && round.Replaced(m.Member) {
			m.replaced = now
		}
		m.silent = true
		if uncounted {
			m.Member = m.Uncounted(now)
		}
		if m.over(now, active(answers) <= len(answers)) {
			delete(r.members, id)
			continue
		}
		counted++
		if m.replaced.IsZero() {
			silent = append(silent, m.Member)
		}
	}
	r.bound()
	r.unmet = max(active(answers)-counted, 0)
	return silent, r.unmet
}

// countsAll reports whether the answers are all that are counted, by somebody at
// least who was there before: one that just began may not know of others yet.
func (r *roster) countsAll(answers map[string]answer) bool {
	for id, a := range answers {
		if r.members[id] != nil && a.active > 0 {
			return active(answers) <= len(answers)
		}
	}
	return false
}

func roundOf(answers map[string]answer) membership.Round {
	servers := make([]model.Server, 0, len(answers))
	for _, a := range answers {
		servers = append(servers, a.server)
	}
	return membership.NewRound(servers)
}

// over reports whether a silent member is no longer one.
func (m *member) over(now time.Time, uncounted bool) bool {
	switch {
	case !m.replaced.IsZero():
		return now.Sub(m.replaced) > countedFor
	case !m.Server.Named():
		// Without a name of its own it has another one after each start.
		return uncounted || m.Gone(now, true)
	}
	return m.Gone(now, !uncounted)
}

// hear takes an answer that came too late for its round: it is worth waiting
// for the next one.
func (r *roster) hear(a answer, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := membership.NewRound([]model.Server{a.server}).Member(a.server, a.server.Name, now)
	if before := r.members[a.server.ID]; before != nil {
		m = before.Again(a.server, now)
	} else {
		r.unmet = max(r.unmet-1, 0)
	}
	r.members[a.server.ID] = &member{Member: m}
	r.bound()
}

func (r *roster) bound() {
	membership.Bound(r.members, func(m *member) time.Time { return m.Heard })
}

// forget gives a member up that was removed on purpose.
func (r *roster) forget(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.members, id)
}

// expected are the members that are not replaced.
func (r *roster) expected() []model.Server {
	r.mu.Lock()
	defer r.mu.Unlock()
	var servers []model.Server
	for _, id := range slices.Sorted(maps.Keys(r.members)) {
		if m := r.members[id]; m.replaced.IsZero() {
			servers = append(servers, m.Server)
		}
	}
	return servers
}

package httpmonitor

import (
	"context"
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/membership"
)

// staleFor is how long DNS may list the address of a server that answers
// elsewhere by now.
const staleFor = time.Minute

// round is one read of all URLs.
type round struct {
	membership.Round
	began, ended time.Time
	// answers are those of who answered.
	answers []answer
}

func newRound(answers [][]answer, began, ended time.Time) round {
	r := round{began: began, ended: ended}
	var servers []model.Server
	for _, a := range slices.Concat(answers...) {
		if a.reading.Err == nil {
			servers, r.answers = append(servers, a.reading.Server), append(r.answers, a)
		}
	}
	r.Round = membership.NewRound(servers)
	return r
}

// account makes readings of the answers: one for each server that answered or
// is missing.
func (s *site) account(ctx context.Context, answers []answer, r round) []model.Reading {
	s.mu.Lock()
	defer s.mu.Unlock()
	// Where nobody waited for the answers, nothing was learnt.
	if s.only == nil && ctx.Err() == nil {
		answers = s.hear(answers, r)
		s.forget(r)
		answers = s.miss(answers, r)
		s.prune()
	}
	readings := make([]model.Reading, len(answers))
	for i, a := range answers {
		readings[i] = a.reading
	}
	return readings
}

// hear takes note of who answered, and leaves out who does not count.
func (s *site) hear(answers []answer, r round) []answer {
	seen := map[string]bool{}
	return slices.DeleteFunc(answers, func(a answer) bool {
		server := a.reading.Server
		switch {
		case a.place == nil:
			return false
		case a.reading.Err != nil:
			if a.silent.IsZero() {
				a.silent = r.ended
			}
			return false
		case a.stranger(r):
			if m := s.members[server.ID]; m != nil && m.Where == a.label {
				delete(s.members, server.ID)
			}
			a.last = nil
			return true
		}
		// Without names, who is at its address now took its place.
		if before := a.last; before != nil && before.Server.ID != server.ID && (!before.Server.Named() || !server.Named()) {
			delete(s.members, before.Server.ID)
		}
		m := r.Member(server, a.label, r.ended)
		before := s.members[server.ID]
		m.Ended = before != nil && before.Ended || membership.Tells(a.reading)
		a.last, a.silent, a.left = m, time.Time{}, time.Time{}
		// One server may have several addresses of the name, such as an IPv6 one.
		if seen[server.ID] {
			return true
		}
		seen[server.ID] = true
		s.members[server.ID] = m
		return false
	})
}

// stranger tells whether an address that left DNS is another server's now.
func (a answer) stranger(r round) bool {
	if a.listed {
		return false
	}
	server := a.reading.Server
	if a.last == nil || server.ID != a.last.Server.ID && !a.last.Follows(server) {
		return true
	}
	return slices.ContainsFunc(r.answers, func(other answer) bool {
		return other.listed && other.reading.Server.ID != server.ID && a.last.Follows(other.reading.Server)
	})
}

// forget drops the members that are not missing: replaced, or gone for long.
func (s *site) forget(r round) {
	maps.DeleteFunc(s.members, func(id string, m *membership.Member) bool {
		return !r.Answered(id) && (r.Replaced(m) || m.Gone(r.ended, s.lists(m)))
	})
	membership.Bound(s.members, func(m *membership.Member) time.Time { return m.Heard })
}

// lists reports whether DNS still knows the address at which m answered last.
func (s *site) lists(m *membership.Member) bool {
	for _, p := range s.places {
		if p.listed && p.last != nil && p.last.Server.ID == m.Server.ID {
			return true
		}
	}
	return false
}

// forgetServer gives a member up that was removed on purpose.
func (s *site) forgetServer(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.members, id)
}

// miss says of failed answers who is missing, leaves out those without whom
// nobody is, and adds who is missing and has no address any more.
func (s *site) miss(answers []answer, r round) []answer {
	var told []answer
	missing := map[string]bool{}
	for _, a := range answers {
		if a.place != nil && a.reading.Err != nil {
			expected := s.expected(a.last)
			switch {
			case !a.matters(r), !a.listed && !expected:
				continue
			case expected:
				missing[a.last.Server.ID] = true
				a.reading.Server = a.last.Server
			}
			if !a.listed {
				a.reading.Err = leftDNS(a.label, a.last, a.reading.Err)
			}
		}
		told = append(told, a)
	}
	for _, id := range slices.Sorted(maps.Keys(s.members)) {
		// Who was heard meanwhile by another read is not missing.
		if m := s.members[id]; !r.Answered(id) && !missing[id] && !m.Heard.After(r.began) {
			told = append(told, answer{reading: model.Reading{Endpoint: m.Where, Server: m.Server, Err: leftDNS(m.Where, m, nil)}})
		}
	}
	return told
}

// expected reports whether the member is still one.
func (s *site) expected(m *membership.Member) bool { return m != nil && s.members[m.Server.ID] != nil }

// matters tells whether somebody is missing because this place does not answer.
func (a answer) matters(r round) bool {
	switch {
	case a.last == nil:
		return a.listed
	case r.Answered(a.last.Server.ID):
		return false
	case r.Replaced(a.last):
		return a.listed && !a.stale(r.ended)
	}
	return true
}

// stale tells whether DNS may not know yet that its server is elsewhere.
func (p *place) stale(now time.Time) bool {
	if p.left.IsZero() {
		p.left = now
	}
	return now.Sub(p.left) < staleFor
}

// prune drops the places that are not listed and are no member's.
func (s *site) prune() {
	maps.DeleteFunc(s.places, func(_ netip.Addr, p *place) bool {
		if p.listed || s.expected(p.last) && s.members[p.last.Server.ID].Where == p.label {
			return false
		}
		p.breaker.Retire()
		return true
	})
}

func leftDNS(label string, m *membership.Member, cause error) *source.Error {
	found := problem{source.KindNetwork, "It does not answer any more, and its host name does not lead to it any more.",
		"See whether it runs and is ready. One that was removed on purpose is told for a day, unless it is forgotten on the settings page."}
	if m != nil && m.Ended {
		found.hint = "It ended in order: it is told for five minutes, unless it comes back."
	}
	return &source.Error{
		Kind: found.kind, Step: source.StepIdentity, Endpoint: label, Sentence: found.sentence, Hint: found.hint, Cause: cause,
	}
}

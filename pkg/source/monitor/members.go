package monitor

import (
	"context"
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/stops"
)

const (
	// memberFor is how long a server that left DNS is told to be missing.
	memberFor = 24 * time.Hour
	// namelessFor is the same for one without a name of its own: nobody can tell
	// whether another one took its place.
	namelessFor = 5 * time.Minute
	// staleFor is how long DNS may list the address of a server that answers
	// elsewhere by now.
	staleFor = time.Minute
)

// member is a server that answered at an address of a host name and so is
// expected to answer again: DNS drops servers that are not ready, too.
type member struct {
	server stops.Server
	label  string
	heard  time.Time
}

// round is one read of all URLs.
type round struct {
	began, ended time.Time
	// ids and named are who answered.
	ids   map[string]bool
	named map[string]stops.Server
}

// newRound prefers, of two servers of one name, the one at an address that DNS lists.
func newRound(answers [][]answer, began, ended time.Time) round {
	r := round{began: began, ended: ended, ids: map[string]bool{}, named: map[string]stops.Server{}}
	for _, listed := range []bool{false, true} {
		for _, a := range slices.Concat(answers...) {
			if a.reading.Err == nil && a.listed == listed {
				r.ids[a.reading.Server.ID] = true
				r.named[a.reading.Server.Name] = a.reading.Server
			}
		}
	}
	return r
}

// replaced tells whether a later process of its name answered.
func (r round) replaced(server stops.Server) bool {
	successor, found := r.named[server.Name]
	return found && successor.ID != server.ID && successor.Start.After(server.Start)
}

// account makes readings of the answers: one for each server that answered or
// is missing.
func (s *site) account(ctx context.Context, answers []answer, r round) []stops.Reading {
	s.mu.Lock()
	defer s.mu.Unlock()
	// Where nobody waited for the answers, nothing was learnt.
	if s.only == nil && ctx.Err() == nil {
		answers = s.hear(answers, r)
		s.forget(r)
		answers = s.miss(answers, r)
		s.prune()
	}
	readings := make([]stops.Reading, len(answers))
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
			if m := s.members[server.ID]; m != nil && m.label == a.label {
				delete(s.members, server.ID)
			}
			a.last = stops.Server{}
			return true
		}
		// Without names, who is at its address now took its place.
		if a.last.ID != server.ID && (!a.last.Named() || !server.Named()) {
			delete(s.members, a.last.ID)
		}
		a.last, a.silent, a.left = server, time.Time{}, time.Time{}
		// One server may have several addresses of the name, such as an IPv6 one.
		if seen[server.ID] {
			return true
		}
		seen[server.ID] = true
		s.members[server.ID] = &member{server: server, label: a.label, heard: r.ended}
		return false
	})
}

// stranger tells whether an address that left DNS is another server's now.
func (a answer) stranger(r round) bool {
	server := a.reading.Server
	restarted := server.Named() && server.Name == a.last.Name
	return !a.listed && (server.ID != a.last.ID && !restarted || r.named[server.Name].ID != server.ID)
}

// forget drops the members that are not missing: replaced, or gone for long.
func (s *site) forget(r round) {
	maps.DeleteFunc(s.members, func(id string, m *member) bool {
		limit := memberFor
		if !m.server.Named() {
			limit = namelessFor
		}
		return !r.ids[id] && (r.replaced(m.server) || r.ended.Sub(m.heard) > limit)
	})
}

// miss says of failed answers who is missing, leaves out those without whom
// nobody is, and adds who is missing and has no address any more.
func (s *site) miss(answers []answer, r round) []answer {
	var told []answer
	missing := map[string]bool{}
	for _, a := range answers {
		if a.place != nil && a.reading.Err != nil {
			isMember := s.members[a.last.ID] != nil
			switch {
			case !a.matters(r), !a.listed && !isMember:
				continue
			case isMember:
				missing[a.last.ID] = true
				a.reading.Server = a.last
			}
			if !a.listed {
				a.reading.Err = leftDNS(a.label, a.reading.Err)
			}
		}
		told = append(told, a)
	}
	for _, id := range slices.Sorted(maps.Keys(s.members)) {
		// Who was heard meanwhile by another read is not missing.
		if m := s.members[id]; !r.ids[id] && !missing[id] && !m.heard.After(r.began) {
			told = append(told, answer{reading: stops.Reading{Endpoint: m.label, Server: m.server, Err: leftDNS(m.label, nil)}})
		}
	}
	return told
}

// matters tells whether somebody is missing because this place does not answer.
func (a answer) matters(r round) bool {
	switch {
	case a.last.ID == "":
		return a.listed
	case r.ids[a.last.ID]:
		return false
	case r.replaced(a.last):
		if a.left.IsZero() {
			a.left = r.ended
		}
		return a.listed && r.ended.Sub(a.left) >= staleFor
	}
	return true
}

// prune drops the places that are not listed and are no member's.
func (s *site) prune() {
	maps.DeleteFunc(s.places, func(_ netip.Addr, p *place) bool {
		m := s.members[p.last.ID]
		if p.listed || m != nil && m.label == p.label {
			return false
		}
		p.rest.retire()
		return true
	})
}

func leftDNS(label string, cause error) *source.Error {
	found := problem{source.KindNetwork, "It does not answer any more, and its host name does not lead to it any more.",
		"See whether it runs and is ready. One that was removed on purpose is told for a day, or until the data source is saved."}
	return &source.Error{
		Kind: found.kind, Step: source.StepIdentity, Endpoint: label, Sentence: found.sentence, Hint: found.hint, Cause: cause,
	}
}

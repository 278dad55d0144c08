package merge

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/source/membership"
)

// Source merges what its ways answer.
type Source struct {
	ways []source.Source

	mu sync.Mutex
	// members are who answered lately, by id, and last who did at an endpoint.
	members map[string]*membership.Member
	last    map[at]string
}

// at is where one way finds a server.
type at struct {
	way      int
	endpoint string
}

var _ source.Source = (*Source)(nil)

// New makes a source that takes over, and closes, the given ones. What an
// earlier one says of a server is preferred.
func New(ways ...source.Source) *Source {
	return &Source{ways: ways, members: map[string]*membership.Member{}, last: map[at]string{}}
}

// Read implements [source.Source]: first what the first way lists, in its
// order, then the servers that it does not.
func (s *Source) Read(ctx context.Context, req source.Request) []model.Reading {
	read := make([][]model.Reading, len(s.ways))
	var wg guard.Group
	for i, way := range s.ways {
		wg.Go(func() { read[i] = way.Read(ctx, req) })
	}
	wg.Wait()
	return s.merge(read)
}

// Forget implements [source.Source].
func (s *Source) Forget(serverID string) {
	s.mu.Lock()
	delete(s.members, serverID)
	s.mu.Unlock()
	for _, way := range s.ways {
		way.Forget(serverID)
	}
}

// Rest implements [source.Source].
func (s *Source) Rest() {
	for _, way := range s.ways {
		way.Rest()
	}
}

// Close implements [source.Source].
func (s *Source) Close() {
	for _, way := range s.ways {
		way.Close()
	}
}

// merged is one server, or one endpoint of which nobody knows whose it is.
type merged struct {
	reading model.Reading
	// member is who answered, or who is missing; nil if nobody knows.
	member *membership.Member
	// ways are those along which it was read or missed.
	ways map[int]bool
}

func (s *Source) merge(read [][]model.Reading) []model.Reading {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*merged
	now := time.Now()
	round := membership.NewRound(answered(slices.Concat(read...)))
	for way, readings := range read {
		for _, r := range readings {
			one := &merged{reading: r, member: s.who(at{way, r.Endpoint}, r, round, now), ways: map[int]bool{way: true}}
			if same := find(all, one, way); same != nil {
				same.take(one, way)
			} else {
				all = append(all, one)
			}
		}
	}
	s.forget(now)
	readings := make([]model.Reading, len(all))
	for i, one := range all {
		readings[i] = one.reading
	}
	return readings
}

func answered(readings []model.Reading) []model.Server {
	var servers []model.Server
	for _, r := range readings {
		if r.Err == nil {
			servers = append(servers, r.Server)
		}
	}
	return servers
}

// who is the server that a reading is about: who answered or, without an
// answer, who is missing as far as the way tells, or who answered there last.
func (s *Source) who(place at, r model.Reading, round membership.Round, now time.Time) *membership.Member {
	id := r.Server.ID
	switch {
	case r.Repeated:
		return nil
	case r.Err == nil:
		s.members[id], s.last[place] = round.Member(r.Server, r.Endpoint, now), id
	case id == "":
		id = s.last[place]
	case s.members[id] == nil:
		// It was never heard along any way, so nobody was beside it.
		return membership.NewRound(nil).Member(r.Server, r.Endpoint, now)
	}
	return s.members[id]
}

// forget drops who is not expected any more.
func (s *Source) forget(now time.Time) {
	maps.DeleteFunc(s.members, func(_ string, m *membership.Member) bool { return m.Gone(now, true) })
	membership.Bound(s.members, func(m *membership.Member) time.Time { return m.Heard })
	maps.DeleteFunc(s.last, func(_ at, id string) bool { return s.members[id] == nil })
}

// find is what is known already, along other ways, of the server that one is
// about: the same process or, where one of them did not answer, who took its place.
func find(all []*merged, one *merged, way int) *merged {
	if errors.Is(one.reading.Err, source.ErrUnmet) {
		return unmet(all, way)
	}
	if one.member == nil {
		return nil
	}
	var found *merged
	for _, other := range all {
		switch {
		case other.member == nil || other.ways[way]:
		case other.member.Server.ID == one.member.Server.ID:
			return other
		case found == nil && follows(one, other):
			found = other
		}
	}
	return found
}

// follows reports whether one of two answered, and in the place of the other.
func follows(one, other *merged) bool {
	if other.reading.Err != nil && one.reading.Err == nil {
		return other.member.ReplacedBy(one.member.Server)
	}
	return other.reading.Err == nil && one.reading.Err != nil && one.member.ReplacedBy(other.member.Server)
}

// unmet is a server that answered along other ways alone: one that others count
// without knowing it may be that.
func unmet(all []*merged, way int) *merged {
	for _, other := range all {
		if other.reading.Err == nil && !other.ways[way] {
			return other
		}
	}
	return nil
}

// take adds what another way says of the same server.
func (m *merged) take(other *merged, way int) {
	m.ways[way] = true
	asked := slices.Concat(m.reading.Asked, other.reading.Asked)
	if m.reading.Err != nil && other.reading.Err == nil {
		endpoint := m.reading.Endpoint
		m.reading, m.member = other.reading, other.member
		m.reading.Endpoint = endpoint
	}
	m.reading.Asked = asked
}

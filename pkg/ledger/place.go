package ledger

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/clock"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// seat is who runs in a place, or ran there last, and at which address.
type seat struct {
	server  model.Server
	address string
}

// name is what people call the server: a server without a name has its id for
// one, which is another after each start, where its address stays.
func (s seat) name() string {
	if s.server.Name == s.server.ID {
		return cmp.Or(s.address, s.server.ID)
	}
	return s.server.Name
}

// seats are the places of the processes that are known.
func (l *Ledger) seats() map[placeID]seat {
	seats := map[placeID]seat{}
	for _, h := range l.processes {
		if s, taken := seats[h.place]; !taken || h.server.Now.After(s.server.Now) {
			seats[h.place] = seat{h.server, h.endpoint}
		}
	}
	return seats
}

// placeOf is where a server runs that nothing may be kept of: in the place of
// its process, or else its predecessor's, or else in one that seats get for it.
func (l *Ledger) placeOf(server model.Server, endpoint string, answered map[string]bool, seats map[placeID]seat) placeID {
	h := l.processes[server.ID]
	if h == nil {
		h = l.predecessor(server, endpoint, answered)
	}
	if h != nil {
		return h.place
	}
	// Numbers that no process has got yet.
	id := l.places + 1
	for _, taken := seats[id]; taken; _, taken = seats[id] {
		id++
	}
	seats[id] = seat{server, endpoint}
	return id
}

// labels tell places apart: by their names, and where several share one by what
// differs between them.
func labels(seats map[placeID]seat) map[placeID]string {
	byName := map[string][]placeID{}
	for id, s := range seats {
		byName[s.name()] = append(byName[s.name()], id)
	}
	labels := make(map[placeID]string, len(seats))
	for name, ids := range byName {
		if len(ids) == 1 {
			labels[ids[0]] = name
			continue
		}
		tell := telling(seats, ids)
		for _, id := range ids {
			labels[id] = name + " (" + tell(seats[id]) + ")"
		}
	}
	return labels
}

// telling is the first of what a server is known by that is there and differs in
// all of these places. Over NATS there are no addresses: who answers there is
// called by its name.
func telling(seats map[placeID]seat, ids []placeID) func(seat) string {
	for _, by := range []func(seat) string{
		func(s seat) string { return s.server.Cluster },
		func(s seat) string { return s.address },
	} {
		seen := map[string]bool{"": true}
		differ := true
		for _, id := range ids {
			text := by(seats[id])
			if seen[text] || text == seats[id].server.Name {
				differ = false
				break
			}
			seen[text] = true
		}
		if differ {
			return by
		}
	}
	return func(s seat) string { return shortened(s.server.ID) }
}

// shortID is how much of an id tells it from others, at a glance.
const shortID = 5

func shortened(id string) string {
	if len(id) <= shortID {
		return id
	}
	return id[:shortID] + "…"
}

// naming is what people call what the symbols stand for.
func (l *Ledger) naming(labels map[placeID]string) store.Naming {
	return store.Naming{
		Account: l.accounts.Of,
		Server: func(p store.Place) string {
			if label, known := labels[p.ID]; known {
				return label
			}
			return p.Server
		},
	}
}

// meet begins what is known of a process that was not read before. One that
// began after the last read of its predecessor took the records in between with it.
func (l *Ledger) meet(reading model.Reading, by clock.Clock, answered map[string]bool) *process {
	server := reading.Server
	former, began := l.predecessor(server, reading.Endpoint, answered), reading.Began()
	h := &process{known: store.CIDSet{}, endpoint: reading.Endpoint, origin: server.ID}
	l.processes[server.ID] = h
	// Uptimes are in whole seconds, so it may have begun up to one sooner.
	anew := server.Now.Add(-server.Up)
	after := former != nil && former.endedBefore(by.Exactly(began))
	if former != nil && !after && server.Up > 0 && former.endedBefore(by.Exactly(anew.Add(-time.Second))) {
		// Its clock was put forward since it began.
		after, began, h.server.Start = true, anew, anew
	}
	if former == nil || !after && former.endpoint != reading.Endpoint {
		// Nobody was there, or somebody else of its name who ran at the same time.
		l.places++
		h.place = l.places
		return h
	}
	h.place, h.origin = former.place, former.origin
	if !after {
		// Another process all the same, which may have begun since: its clock need not be right.
		h.books.Gaps = []books.Settled{{Gap: books.Gap{From: former.server.Now, To: server.Now}}}
		return h
	}
	h.former = former
	// Nothing can take back any more what it is thought to have lost.
	former.books = former.books.Settle()
	gap := books.Gap{From: former.server.Now, To: began, Restart: true}
	if gap.To.Before(gap.From) {
		// Their clocks differ by more than the time between.
		gap.From, gap.To = gap.To, gap.From
	}
	h.books.Gaps = []books.Settled{{Gap: gap}}
	// Who moved is not missing where it was.
	maps.DeleteFunc(l.last, func(_ string, last heard) bool { return last.server.ID == former.server.ID })
	return h
}

// beside are the labels of the others that answered at the address of a server
// that had begun before they were last heard: a load balancer leads there.
func (l *Ledger) beside(state ServerState, answered map[string]bool, labels map[placeID]string) []string {
	var others []string
	now := l.now()
	// Over NATS, where there are no addresses, everybody answers at one.
	if !state.Answered || state.Endpoint == state.Server.Name {
		return nil
	}
	for id, h := range l.processes {
		if id == state.Server.ID || answered[id] || h.endpoint != state.Endpoint || now.Sub(h.touched) > lately {
			continue
		}
		if !state.Server.Start.IsZero() && !h.endedBefore(state.Server.Start) {
			others = append(others, labels[h.place])
		}
	}
	slices.Sort(others)
	return slices.Compact(others)
}

// predecessor is the process in whose place the server runs, if any: the last
// that it succeeds and that answers no more, at whatever address, since a pod
// gets another with each start. It is looked up before anything is written about
// the server.
func (l *Ledger) predecessor(server model.Server, endpoint string, answered map[string]bool) *process {
	// Over NATS there are no addresses: who answers there is called by its name.
	addressed := endpoint != server.Name
	var byName, byAddress *process
	for id, h := range l.processes {
		switch {
		case answered[id]:
		case server.Succeeds(h.server, false):
			byName = later(byName, h)
		case addressed && h.endpoint == endpoint && server.Succeeds(h.server, true):
			byAddress = later(byAddress, h)
		}
	}
	if byName != nil {
		return byName
	}
	return byAddress
}

// later is the one that was read last.
func later(a, b *process) *process {
	if a == nil || b.server.Now.After(a.server.Now) {
		return b
	}
	return a
}

func answeredIDs(readings []model.Reading) map[string]bool {
	ids := map[string]bool{}
	for _, reading := range readings {
		if reading.Err == nil {
			ids[reading.Server.ID] = true
		}
	}
	return ids
}

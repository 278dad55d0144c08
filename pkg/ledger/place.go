package ledger

import (
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// placeID numbers the places in which one server process after the other runs
// (decision D13); 0 is none.
type placeID = uint32

// seat is who runs in a place, or ran there last, and at which address.
type seat struct {
	server  model.Server
	address string
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
func (l *Ledger) placeOf(state *ServerState, answered map[string]bool, seats map[placeID]seat) placeID {
	h := l.processes[state.Server.ID]
	if h == nil {
		h = l.predecessor(state.Server, state.Endpoint, answered)
	}
	if h != nil {
		return h.place
	}
	// Numbers that no process has got yet.
	id := l.places + 1
	for _, taken := seats[id]; taken; _, taken = seats[id] {
		id++
	}
	seats[id] = seat{state.Server, state.Endpoint}
	return id
}

// labels tell places apart: by their names, and where several share one by what
// differs between them.
func labels(seats map[placeID]seat) map[placeID]string {
	byName := map[string][]placeID{}
	for id, s := range seats {
		byName[s.server.Name] = append(byName[s.server.Name], id)
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
		Account: l.accounts.of,
		Server: func(p store.Place) string {
			if label, known := labels[p.ID]; known {
				return label
			}
			return p.Server
		},
	}
}

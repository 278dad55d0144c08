package comeback

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// mostLeft is how many clients of processes that ended are kept, about 150 bytes each.
const mostLeft = 200_000

// Roll keeps who was connected to each server process when that was listed last: a
// process that ends without a word leaves no records of its clients. It is safe for
// concurrent use; the zero value is ready.
type Roll struct {
	mu sync.Mutex
	// running are the lists of processes as they were read, ended those of processes
	// that others took the place of.
	running map[string]read
	ended   map[string]Present
}

type read struct {
	open []model.Connection
	made time.Time
	// waited is what was queued for connections when they were listed before that.
	waited map[uint64]int64
}

// little is queued for many connections, and for no time.
const little = 64 << 10

// waiting is what is queued for the connections of a list, by their ids.
func waiting(open []model.Connection) map[uint64]int64 {
	pending := map[uint64]int64{}
	for i := range open {
		if open[i].PendingBytes > little {
			pending[open[i].CID] = open[i].PendingBytes
		}
	}
	return pending
}

// Present is who was connected to a process, as it was listed last.
type Present struct {
	// Made is when that was, by our clock.
	Made    time.Time
	clients []client
}

// client is a connection of somebody who was let in.
type client struct {
	cid                          uint64
	start                        time.Time
	account, app, name, user, ip string
}

// Tell is told what a ledger learned, in order.
func (r *Roll) Tell(news ledger.News) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running == nil {
		r.running, r.ended = map[string]read{}, map[string]Present{}
	}
	lists := map[string][]model.Connection{}
	open := news.Snapshot.Open
	for begin := 0; begin < len(open); {
		end := begin + 1
		for end < len(open) && open[end].Server == open[begin].Server {
			end++
		}
		lists[open[begin].Server] = open[begin:end:end]
		begin = end
	}
	there := map[string]bool{}
	for _, state := range news.Snapshot.Servers {
		there[state.Server.ID] = true
		if state.Listed {
			before := r.running[state.Server.ID]
			r.running[state.Server.ID] = read{lists[state.Label], state.OpenAt, waiting(before.open)}
		}
	}
	for id, last := range r.running {
		if !there[id] {
			r.ended[id] = presentOf(last)
			delete(r.running, id)
		}
	}
	r.forget(news.Snapshot.Lives)
}

func presentOf(last read) Present {
	p := Present{Made: last.made}
	for i := range last.open {
		c := &last.open[i]
		if c.Account != model.NotLoggedIn && c.Kind != model.KindLeafnode {
			p.clients = append(p.clients, client{c.CID, c.Start, c.Account, c.App, c.Name, c.User, c.IP})
		}
	}
	return p
}

// forget gives up processes that nothing else is known of any more, and the oldest
// of too many.
func (r *Roll) forget(lives []ledger.Life) {
	known := map[string]bool{}
	for _, life := range lives {
		known[life.ServerID] = true
	}
	newest := slices.SortedFunc(maps.Keys(r.ended), func(a, b string) int { return r.ended[b].Made.Compare(r.ended[a].Made) })
	sum := 0
	for _, id := range newest {
		sum += len(r.ended[id].clients)
		if !known[id] || sum > mostLeft {
			delete(r.ended, id)
		}
	}
}

// Waited is what was queued for connections before they were listed last, by server
// process and their ids there; little is not told.
func (r *Roll) Waited() map[string]map[uint64]int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	waited := map[string]map[uint64]int64{}
	for id, last := range r.running {
		waited[id] = last.waited
	}
	return waited
}

// Ended is who was connected to each process that ended.
func (r *Roll) Ended() map[string]Present {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.ended)
}

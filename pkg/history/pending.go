package history

import (
	"maps"
	"slices"
	"sync"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// pending is what is to be written. It is safe for concurrent use.
type pending struct {
	// most bounds it, in bytes; nothing: news is only counted.
	most    int
	nothing bool
	// news has one in it while there is something new.
	news chan struct{}

	mu      sync.Mutex
	servers map[string]*unwritten
	// others are records that others wrote, which may be told here as news still.
	others map[string]store.CIDSet
	bytes  int
	// begins: what was known before there was a history is still to be told.
	begins bool
	// told is the number of the newest merge that was told.
	told int
}

// unwritten is what is to be written of one server process.
type unwritten struct {
	// stops are oldest first, save for those that came late.
	stops []*model.Stop
	// taken is how many of them are being written.
	taken int
	// changed: its books say something else, whether or not there are stops.
	changed bool
}

func newPending(most int, write bool) *pending {
	return &pending{most: most, nothing: !write, news: make(chan struct{}, 1), servers: map[string]*unwritten{}, others: map[string]store.CIDSet{}}
}

// weight is about what a stop takes while it waits.
func weight(s *model.Stop) int {
	return stopSize + len(s.Name) + len(s.User) + len(s.MQTTClient) + len(s.Lang) + len(s.Version)
}

const stopSize = 600

// Tell takes the news of a ledger.
func (p *pending) Tell(news ledger.News) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = news.Snapshot.Merge
	defer p.wake()
	if p.nothing {
		return
	}
	for _, ring := range news.Rings {
		if ring.Advised {
			// They are in a stream already; what a ring shows of them comes with it.
			continue
		}
		u := p.servers[ring.Server.ID]
		if u == nil {
			u = &unwritten{}
			p.servers[ring.Server.ID] = u
		}
		others := p.others[ring.Server.ID]
		delete(p.others, ring.Server.ID)
		u.changed = u.changed || len(ring.Gaps) > 0
		for _, s := range shownBy(ring) {
			if !others.Has(s.CID) {
				u.stops = append(u.stops, s)
				p.bytes += weight(s)
			}
		}
	}
	p.fit()
}

// toBegin reports whether to tell what was known before there was a history: once, so
// that what is erased from a stream does not come back.
func (p *pending) toBegin() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.begins && !p.nothing
}

// begin takes what was known: of each server process the stops that do not wait yet, as
// many of the newest as there is room for.
func (p *pending) begin(all []ledger.Shown, nameless bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, known := range all {
		p.beginWith(known, nameless)
	}
	p.begins = false
}

func (p *pending) beginWith(known ledger.Shown, nameless bool) {
	u := p.servers[known.ServerID]
	if u == nil {
		u = &unwritten{}
	}
	waiting := store.CIDSet{}
	for _, s := range u.stops {
		waiting.Add(s.CID)
	}
	var more []*model.Stop
	for s := range known.Stops {
		if waiting.Has(s.CID) {
			continue
		}
		if p.bytes+weight(s) > p.most {
			break
		}
		if nameless {
			s.HidePeople()
		}
		more = append(more, s)
		p.bytes += weight(s)
	}
	if u.stops = byTime(more, u.stops); len(u.stops) > 0 {
		p.servers[known.ServerID] = u
	}
}

// shownBy is what a ring showed, oldest first, whoever told of it before: blocks say how
// far the records of rings are complete, so these are to be in them.
func shownBy(ring ledger.RingNews) []*model.Stop {
	if len(ring.Confirmed) == 0 {
		return ring.Stops
	}
	return byTime(ring.Confirmed, ring.Stops)
}

func byTime(lists ...[]*model.Stop) []*model.Stop {
	all := slices.Concat(lists...)
	slices.SortStableFunc(all, func(a, b *model.Stop) int { return a.At.Compare(b.At) })
	return all
}

// fit has what waits take no more than it may.
func (p *pending) fit() {
	for p.bytes > p.most && p.giveUp() {
	}
}

func (p *pending) wake() {
	select {
	case p.news <- struct{}{}:
	default:
	}
}

// giveUp drops the older half of the largest part, unless it is being written: what
// waits for longest is what the rings do not have any more either.
func (p *pending) giveUp() bool {
	var largest *unwritten
	for _, u := range p.servers {
		if largest == nil || len(u.stops)-u.taken > len(largest.stops)-largest.taken {
			largest = u
		}
	}
	if largest == nil || len(largest.stops) == largest.taken {
		return false
	}
	n := (len(largest.stops) - largest.taken + 1) / 2
	for _, s := range largest.stops[largest.taken : largest.taken+n] {
		p.bytes -= weight(s)
	}
	largest.stops = slices.Concat(largest.stops[:largest.taken], largest.stops[largest.taken+n:])
	return true
}

// waiting are the ids of those of whom something is to be written.
func (p *pending) waiting() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(p.servers)) {
		if u := p.servers[id]; u.changed || len(u.stops) > 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

// part are the first of the stops of a server, of one offset of its clock, oldest first,
// and how many wait behind them.
type part struct {
	stops              []model.Stop
	clients, leafnodes int64
}

// first is a part of at most n stops, and the number of the newest merge that was told.
func (p *pending) first(id string, n, bytes int) (of part, told int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.servers[id]
	if u == nil {
		return of, p.told
	}
	for _, s := range u.stops[:min(n, len(u.stops))] {
		if bytes -= weight(s); len(of.stops) > 0 && (bytes < 0 || s.ServerAt.Sub(s.At) != of.stops[0].ServerAt.Sub(of.stops[0].At)) {
			break
		}
		of.stops = append(of.stops, *s)
	}
	u.taken = len(of.stops)
	for _, s := range u.stops[u.taken:] {
		if s.Kind == model.KindLeafnode {
			of.leafnodes++
		} else {
			of.clients++
		}
	}
	return of, p.told
}

// wrote takes away the first n stops of a server.
func (p *pending) wrote(id string, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.servers[id]
	if u == nil {
		return
	}
	for _, s := range u.stops[:n] {
		p.bytes -= weight(s)
	}
	if u.stops, u.taken, u.changed = slices.Clone(u.stops[n:]), 0, false; len(u.stops) == 0 {
		delete(p.servers, id)
	}
}

// leaveOut gives up the first stop of a server, which fits into no block.
func (p *pending) leaveOut(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if u := p.servers[id]; u != nil && len(u.stops) > 0 {
		p.bytes -= weight(u.stops[0])
		u.stops, u.taken, u.changed = slices.Clone(u.stops[1:]), 0, true
	}
}

// strike takes away what the history has already, and will not take it when it is told,
// however often others were faster until then.
func (p *pending) strike(had map[string]store.CIDSet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.nothing {
		return
	}
	for id, cids := range had {
		if others := p.others[id]; others != nil {
			others.Join(cids)
		} else {
			p.others[id] = cids
		}
		u := p.servers[id]
		if u == nil {
			continue
		}
		u.stops = slices.DeleteFunc(u.stops, func(s *model.Stop) bool {
			if cids.Has(s.CID) {
				p.bytes -= weight(s)
				return true
			}
			return false
		})
	}
}

// toldUntil is the number of the newest merge that was told.
func (p *pending) toldUntil() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.told
}

// size is how many stops wait.
func (p *pending) size() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	count := 0
	for _, u := range p.servers {
		count += len(u.stops)
	}
	return count
}

// inbox is where the news of a ledger comes in. It is safe for concurrent use.
type inbox struct {
	mu sync.Mutex
	to *pending
}

// Tell passes news on.
func (i *inbox) Tell(news ledger.News) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.to.Tell(news)
}

// handOver has what waits, and all further news, wait elsewhere; nameless: without what
// people are called.
func (i *inbox) handOver(to *pending, nameless bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	to.takeOver(i.to, nameless)
	i.to = to
}

// takeOver takes what waits elsewhere. Whoever is writing some of it writes no more.
func (p *pending) takeOver(from *pending, nameless bool) {
	from.mu.Lock()
	defer from.mu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.servers, p.others, p.told, p.begins = from.servers, from.others, from.told, from.begins
	from.servers, from.others, from.bytes = map[string]*unwritten{}, map[string]store.CIDSet{}, 0
	for _, u := range p.servers {
		u.taken = 0
		for i, s := range u.stops {
			if nameless {
				hidden := *s
				hidden.HidePeople()
				u.stops[i] = &hidden
			}
			p.bytes += weight(u.stops[i])
		}
	}
	p.fit()
	p.wake()
}

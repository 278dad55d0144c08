package ledger

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger/advised"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/clock"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// Supplements. Advisories tell of stops as well, but not of all of them
// (nats-server.md#what-is-published-of-a-connection-that-ended). So they prove nothing:
// what is believed of completeness goes by rings alone, as if there were no
// advisories. They give the records that no ring showed, and gaps are said to lack as
// many less. A ring tells more of a stop, so it is waited for.

const (
	// silentFor is how long a server is not heard before its ring is not waited for.
	silentFor = time.Minute
	// bytesOfStrangers bounds what waits of servers that are not read here. They may be
	// soon, as one that just began; but those of another cluster never are.
	bytesOfStrangers = 8 << 20
)

// Supplement takes stops that advisories told. The next merges keep those that no ring
// shows: once the ring was read since, or the server is gone.
func (l *Ledger) Supplement(told []advised.Stop) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, one := range told {
		id := one.Server.ID
		if h := l.processes[id]; h == nil || !h.has(&one.Stop) {
			l.advised[id] = append(l.advised[id], one)
		}
	}
	for l.limits.Count < l.waiting() {
		l.giveUpOldest()
	}
}

// has reports whether a stop is kept, or was. Its time is the server's.
func (h *process) has(s *model.Stop) bool {
	return h.advised.Has(s.CID) || h.known.Has(s.CID) || !h.clock.Ours(s.At).After(h.dropped)
}

// waiting is how many stops wait for a ring.
func (l *Ledger) waiting() int {
	count := 0
	for _, told := range l.advised {
		count += len(told)
	}
	return count
}

// giveUpOldest drops the older half of the server of which most stops wait.
func (l *Ledger) giveUpOldest() {
	var most string
	for id, told := range l.advised {
		if len(told) > len(l.advised[most]) {
			most = id
		}
	}
	l.advised[most] = slices.Clone(l.advised[most][(len(l.advised[most])+1)/2:])
}

// supplement keeps what is not waited for any longer, and returns what is news.
func (l *Ledger) supplement(answered map[string]bool, now time.Time) []RingNews {
	var news []RingNews
	strangers := map[string][]advised.Stop{}
	for _, id := range slices.Sorted(maps.Keys(l.advised)) {
		h := l.processOf(l.advised[id], answered)
		if h == nil {
			if told := slices.DeleteFunc(l.advised[id], func(a advised.Stop) bool { return now.Sub(a.Stop.At) > l.limits.Age }); len(told) > 0 {
				strangers[id] = told
			}
			delete(l.advised, id)
		} else if stops := l.due(h, id, now); len(stops) > 0 {
			h.keep(stops, l.packer(store.Place{ID: h.place, Server: h.server.Name, Cluster: h.server.Cluster}))
			h.advised.Add(stops)
			news = append(news, RingNews{Server: h.server, Stops: stops, Recalled: h.recalled, Advised: true})
		}
		if len(l.advised[id]) == 0 {
			delete(l.advised, id)
		}
	}
	advised.Fit(strangers, bytesOfStrangers)
	maps.Copy(l.advised, strangers)
	return news
}

// processOf is whose stops these are; nil if it is not known yet, or of no server that
// is read.
func (l *Ledger) processOf(told []advised.Stop, answered map[string]bool) *process {
	server := told[0].Server
	if h := l.processes[server.ID]; h != nil {
		return h
	}
	for _, id := range slices.Sorted(maps.Keys(answered)) {
		// Who runs in its place began since, so that its ring is gone.
		next := l.processes[id]
		if next == nil || !next.server.Succeeds(server, false) || !next.server.Start.After(told[len(told)-1].Stop.At) {
			continue
		}
		h := &process{place: next.place, origin: next.origin, server: server, known: store.CIDSet{}, recalled: true}
		h.server.Now = told[len(told)-1].Stop.At
		h.touched = h.server.Now
		l.processes[server.ID] = h
		return h
	}
	return nil
}

// due takes out what is not waited for any longer, oldest first, by our clock.
func (l *Ledger) due(h *process, id string, now time.Time) []*model.Stop {
	until := h.server.Now.Add(-books.WrittenLate - clock.Tolerance)
	gone := h.unread() || now.Sub(h.touched) > silentFor
	due := map[uint64]model.Stop{}
	l.advised[id] = slices.DeleteFunc(l.advised[id], func(a advised.Stop) bool {
		stop := a.Stop
		if h.has(&stop) {
			return true
		}
		stop.At, stop.Start = h.clock.Ours(stop.At), h.clock.Ours(stop.Start)
		if gone || stop.At.Before(until) {
			// One may be told twice.
			due[stop.CID] = stop
			return true
		}
		return false
	})
	reading := model.Reading{Server: h.server, Closed: slices.SortedFunc(maps.Values(due), func(a, b model.Stop) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.CID, b.CID))
	})}
	l.accounts = l.accounts.Learn([]model.Reading{reading})
	l.complete(&reading)
	stops := make([]*model.Stop, len(reading.Closed))
	for i := range reading.Closed {
		stops[i] = &reading.Closed[i]
	}
	return stops
}

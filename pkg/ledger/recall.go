package ledger

import (
	"maps"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// Chapter is a part of the past of one server process: some of its records, and
// where its books stood once they were known.
type Chapter struct {
	Standing
	// Stops are translated to our clock.
	Stops []model.Stop
	// From is since when the past is told, in the first chapter of a process of which
	// there were Earlier records; else zero.
	From    time.Time
	Earlier int64
	// Lacks are spans before these of which records are missing in the history; Regained is
	// how many of what was lacking came after all, Unseen how many its writer never saw, so
	// that its gaps tell of them as well.
	Lacks            []books.Gap
	Regained, Unseen int64
}

// Recollection takes the past in the order in which it was written, and gives it to
// its ledger as a whole. It is for one goroutine.
type Recollection struct {
	// of is whose past it is; past is a ledger of its own until the end.
	of, past *Ledger
	// unbounded is how many records were taken since what is kept was bounded.
	unbounded int
}

// mostUnbounded is how many there may be: looking for what is too old or too much takes
// a while where servers are many.
const mostUnbounded = 16_000

// Recall begins to give back the past.
func (l *Ledger) Recall() *Recollection {
	l.mu.Lock()
	defer l.mu.Unlock()
	return &Recollection{of: l, past: NewAt(l.limits, l.apps, l.now)}
}

// Take takes what was written next. It changes the stops, and keeps none of them.
func (r *Recollection) Take(chapters []Chapter) {
	for i := range chapters {
		r.take(&chapters[i])
		r.unbounded += len(chapters[i].Stops)
	}
	if r.unbounded >= mostUnbounded {
		r.past.evict(r.past.now())
		r.unbounded = 0
	}
}

func (r *Recollection) take(c *Chapter) {
	l, now := r.past, r.past.now()
	reading := model.Reading{Server: c.Server, Closed: c.Stops}
	l.accounts = l.accounts.Learn([]model.Reading{reading})
	l.complete(&reading)
	h, met := l.processes[c.Server.ID], true
	if h == nil {
		h, met = &process{known: store.CIDSet{}, endpoint: c.Endpoint, place: l.placeOfPast(c), origin: c.Place, recalled: true}, false
		l.processes[c.Server.ID] = h
	}
	if h.stand(c.Standing, now); !met {
		h.beginWith(c)
	}
	if h.former == nil && c.Former != c.Server.ID {
		h.former = l.processes[c.Former]
	}
	h.lacks, h.unseen = append(books.Forgive(h.lacks, c.Regained), c.Lacks...), c.Unseen
	fresh := h.unknown(c.Stops)
	// They were written newest first, so nearly always they are in order then.
	slices.Reverse(fresh)
	if byTime := func(a, b *model.Stop) int { return a.At.Compare(b.At) }; !slices.IsSortedFunc(fresh, byTime) {
		slices.SortStableFunc(fresh, byTime)
	}
	h.ahead = after(h.ahead, h.server.Now)
	for _, stop := range fresh {
		if stop.Kind != model.KindLeafnode && stop.At.After(h.server.Now) {
			h.ahead = append(h.ahead, stop.At)
		}
	}
	h.keep(fresh, l.packer(store.Place{ID: h.place, Server: c.Server.Name, Cluster: c.Server.Cluster}))
	// What the history does not give back, the ring may still have.
	h.slipped = !h.recalledFrom.IsZero() || len(h.lacks) > 0
	if last := l.last[c.Endpoint]; h.touched.After(last.at) {
		last.server, last.at = h.server, h.touched
		l.last[c.Endpoint] = last
	}
}

// beginWith notes that there was more than the first chapter, whose writer may have known
// less than all, too.
func (h *process) beginWith(c *Chapter) {
	from := c.From
	if c.Since.After(from) {
		from = c.Since
	}
	if c.Earlier > 0 && h.since().Before(from) {
		h.recalledFrom, h.earlier = from, c.Earlier
	}
}

// placeOfPast is where a process ran: where its predecessor did, or who was met
// first there, or who had its name and address.
func (l *Ledger) placeOfPast(c *Chapter) placeID {
	if former := l.processes[c.Former]; former != nil {
		return former.place
	}
	for _, id := range slices.Sorted(maps.Keys(l.processes)) {
		h := l.processes[id]
		if h.origin == c.Place || h.endpoint == c.Endpoint && c.Server.Succeeds(h.server, true) {
			return h.place
		}
	}
	l.places++
	return l.places
}

// stand has the books of a process stand as they did. What was written by a clock
// that was ahead of ours is not of the future.
func (h *process) stand(s Standing, now time.Time) {
	if s.Dropped.After(h.dropped) {
		h.drop(h.kept.Search(model.Nanos(s.Dropped) + 1))
		h.dropped = s.Dropped
	}
	h.server, h.endpoint = s.Server, s.Endpoint
	h.server.Now = soonest(h.server.Now, now)
	h.clock, h.clock.Before = s.Clock, s.Clock.Offset
	h.ringReadAt, h.heardAt, h.touched = s.Clock.Told, soonest(s.HeardAt, now), soonest(s.Touched, now)
	h.clients, h.leafnodes, h.forgotten, h.size, h.restless = s.Clients, s.Leafnodes, s.Forgotten, s.RingSize, true
	h.firstReadAt, h.oldestAtFirst = s.FirstReadAt, s.OldestAtFirst
	h.books = books.Books{Evicted: s.Evicted, Doubts: s.Doubts, Open: s.Unsettled}
	for _, gap := range s.Gaps {
		h.books.Gaps = append(h.books.Gaps, books.Settled{Gap: gap, Told: true})
	}
}

func soonest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// unknown are those of the stops that are not known, and are from now on.
func (h *process) unknown(stops []model.Stop) []*model.Stop {
	fresh := make([]*model.Stop, 0, len(stops))
	for i := range stops {
		if s := &stops[i]; !h.known.Has(s.CID) && s.At.After(h.dropped) {
			h.known.Add(s.CID)
			fresh = append(fresh, s)
		}
	}
	return fresh
}

// Done gives the past to the ledger. What that learned since joins it: the news of
// so many merges may tell again what the history has.
func (r *Recollection) Done() (merges int) {
	l := r.of
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, h := range r.past.processes {
		h.lacks = books.Forgive(h.lacks, h.unseen)
	}
	if len(l.processes) == 0 {
		l.processes, l.symbols, l.places, l.accounts = r.past.processes, r.past.symbols, r.past.places, r.past.accounts
		l.symbols.SetApps(l.apps)
	} else {
		l.join(r.past)
	}
	for endpoint, last := range r.past.last {
		if known := l.last[endpoint]; known.server.ID == "" {
			last.asked, last.unheard = known.asked, known.unheard
			l.last[endpoint] = last
		}
	}
	l.evict(l.now())
	return l.merges
}

// join takes a past that begins before what is known, or that others wrote meanwhile.
func (l *Ledger) join(past *Ledger) {
	symbols := past.symbols.Symbols(past.naming(nil))
	places := map[placeID]placeID{}
	for id, s := range past.processes {
		if h := l.processes[id]; h != nil {
			places[s.place] = h.place
		}
	}
	for _, h := range inOrder(l.processes) {
		if former := h.succeedAny(past.processes); former != nil && l.processes[former.server.ID] == nil {
			places[former.place] = h.place
		}
	}
	for _, s := range inOrder(past.processes) {
		stops := make([]model.Stop, s.kept.Len())
		for i := range stops {
			stops[i] = *reported(&symbols, s.kept.Get(i), s.server.ID)
		}
		l.accounts = l.accounts.Learn([]model.Reading{{Closed: stops}})
		h, met := l.processes[s.server.ID], true
		if h == nil || h.unread() {
			if places[s.place] == 0 {
				l.places++
				places[s.place] = l.places
			}
			h, met = s, false
			h.place, h.kept, h.known = places[s.place], store.Table{}, store.CIDSet{}
			l.processes[s.server.ID] = h
		}
		fresh := h.unknown(stops)
		news, _ := h.advised.Others(fresh)
		h.keep(news, l.packer(store.Place{ID: h.place, Server: s.server.Name, Cluster: s.server.Cluster}))
		if met {
			h.expect(news)
			h.reconcile(s, fresh)
		}
		if h.former == nil {
			h.former = l.processes[s.formerID()]
		}
	}
}

// succeedAny is the last of the processes in whose place this one runs though nobody
// knew, if any; the restart between them is a gap from now on.
func (h *process) succeedAny(others map[string]*process) *process {
	var last *process
	for _, s := range inOrder(others) {
		if s.endedBefore(h.server.Start) && h.server.Succeeds(s.server, s.endpoint == h.endpoint) {
			last = later(last, s)
		}
	}
	if h.former != nil || last == nil || others[h.server.ID] != nil {
		return nil
	}
	h.former, h.origin = last, last.origin
	gap := books.Gap{From: soonest(last.server.Now, h.server.Start), To: h.server.Start, Restart: true}
	h.books.Gaps = append([]books.Settled{{Gap: gap, Told: true}}, h.books.Gaps...)
	return last
}

// formerID is whose place it took; empty if none is known.
func (h *process) formerID() string {
	if h.former == nil {
		return ""
	}
	return h.former.server.ID
}

// expect tells with the next read what we would have read ourselves.
func (h *process) expect(news []*model.Stop) {
	for _, s := range news {
		if s.At.After(h.server.Now.Add(-books.WrittenLate)) {
			h.untold = append(h.untold, s)
		}
	}
}

// reconcile joins what is known of a process with its past, of which these stops
// were not known yet.
func (h *process) reconcile(past *process, fresh []*model.Stop) {
	var times []time.Time
	for _, s := range fresh {
		switch {
		case h.makeGood(s.At), s.At.Before(h.recalledFrom) && !h.books.Hold(s.At):
			// Whoever wrote the history saw it.
		case s.Kind == model.KindLeafnode:
			h.leafnodes++
		default:
			times = append(times, s.At)
		}
	}
	h.clients += int64(len(times))
	h.books = h.books.Found(times, h.oldestAtFirst, false)
	if past.firstReadAt.Before(h.firstReadAt) && !past.recalledFrom.After(h.firstReadAt) {
		h.beginAs(past)
	}
}

// beginAs has a process begin as its past does, which met it sooner. What had left the ring
// before we met it was lost since the history ends, unless it had left the ring before the
// history begins.
func (h *process) beginAs(past *process) {
	then, until := past.books.Settle(), past.until()
	then.Gaps = slices.DeleteFunc(slices.Clone(then.Gaps), func(s books.Settled) bool {
		// Of what was lost since we met it our own books tell.
		if s.Restart || !s.To.After(h.firstReadAt) {
			return false
		}
		until = soonest(until, s.From)
		return true
	})
	lacks := slices.DeleteFunc(past.lacks, func(lack books.Gap) bool { return lack.To.After(h.firstReadAt) })
	left := h.books.Evicted
	if !h.server.Uncounted && past.leafnodes == 0 {
		// What they told of or could not write, and we saw, is not missing; what they saw
		// before the history begins is not lost. Only clients are counted by servers.
		earlier := min(past.earlier, left)
		left -= earlier
		then = then.Forgive(then.Missing() + books.Lost(lacks) - left)
		lacks = books.Forgive(lacks, then.Missing()+books.Lost(lacks)-left)
		left -= books.Lost(lacks)
		h.clients += books.Lost(lacks) + earlier
	}
	lost, gaps := max(left-then.Missing(), 0), then.Gaps
	h.lacks = append(h.lacks, lacks...)
	if lost > 0 || h.server.Uncounted && until.Before(h.oldestAtFirst) {
		gaps = append(gaps, books.Settled{Gap: books.Gap{From: soonest(until, h.oldestAtFirst), To: h.oldestAtFirst, Lost: lost}, Told: true})
	}
	h.books.Gaps, h.books.Evicted = append(gaps, h.books.Gaps...), past.books.Evicted
	h.firstReadAt, h.oldestAtFirst = past.firstReadAt, past.oldestAtFirst
	if past.recalledFrom.After(h.recalledFrom) {
		h.recalledFrom = past.recalledFrom
	}
}

// until is how far what is known is complete.
func (h *process) until() time.Time {
	if newest := h.newest(); newest.After(h.server.Now) {
		return newest
	}
	return h.server.Now
}

package ledger

import (
	"cmp"
	"iter"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger/clock"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// Standing is what is known of a server process besides its records, so that
// another ledger can go on from there. Times are by our clock.
type Standing struct {
	Server   model.Server
	Endpoint string
	// Place is the id of the process that was first met in its place, Former of the
	// one in whose place it runs; empty if none is known.
	Place, Former string
	// Clock is what is known of the server's clock when the ring was read.
	Clock clock.Clock
	// HeardAt is when the newest read of its ring was made, Touched when it was last
	// heard at all.
	HeardAt, Touched time.Time
	// Since is when its records begin, Dropped the newest that was forgotten.
	Since, Dropped time.Time
	// Clients and Leafnodes are how many records of each were ever seen; Forgotten is how
	// many of the clients never were: their gaps are no longer told.
	Clients, Leafnodes, Forgotten int64
	// Evicted is how many had left the ring before first contact, Doubts how many more
	// reads may lower that.
	Evicted int64
	Doubts  int
	Gaps    []Gap
	// Unsettled is a gap that is not told yet.
	Unsettled *Unsettled
	// FirstReadAt is when the ring was first read, OldestAtFirst its oldest record then.
	FirstReadAt, OldestAtFirst time.Time
	// RingSize is how many records the ring held; less than 0: nobody said.
	RingSize int64
}

// Unsettled is a gap that further reads may still change.
type Unsettled struct {
	Gap
	Leaves         bool
	Overrun, Since time.Time
	Reads          int
}

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
	Lacks            []Gap
	Regained, Unseen int64
}

// Known is how many records were ever seen.
func (s *Standing) Known() int64 { return s.Clients + s.Leafnodes - s.Forgotten }

// Existing is how many there were at the most, as far as the server has told that.
func (s *Standing) Existing() int64 {
	open := Unsettled{}
	if s.Unsettled != nil {
		open = *s.Unsettled
	}
	if s.Server.Uncounted || s.Leafnodes > 0 || !open.Overrun.IsZero() {
		return math.MaxInt64
	}
	return s.Clients + s.Evicted + Lost(s.Gaps) + open.Lost
}

// Standing is where the books of a process stand after so many merges; nil if
// nothing is kept of it.
func (l *Ledger) Standing(serverID string) (standing *Standing, merges int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.processes[serverID]
	if h == nil || h.ringReadAt.IsZero() {
		return nil, l.merges
	}
	s := Standing{
		Server: h.server, Endpoint: h.endpoint, Place: h.origin,
		Clock:   clock.Clock{Offset: h.clock.Offset, Measured: h.clock.Measured, Doubt: h.clock.Doubt, Told: h.ringReadAt},
		HeardAt: h.heardAt, Touched: h.touched, Since: h.own().Since, Dropped: h.dropped,
		Clients: h.clients, Leafnodes: h.leafnodes, Forgotten: h.forgotten, Evicted: h.books.evicted, Doubts: h.books.doubts,
		FirstReadAt: h.firstReadAt, OldestAtFirst: h.oldestAtFirst, RingSize: h.size,
	}
	if h.former != nil {
		s.Former = h.former.server.ID
	}
	for _, gap := range h.books.gaps {
		s.Gaps = append(s.Gaps, gap.Gap)
	}
	if open := h.books.open; open != nil {
		s.Unsettled = &Unsettled{open.Gap, open.leaves, open.overrun, open.since, open.reads}
	}
	return &s, l.merges
}

// Shown are the stops that the ring of a server process showed, or a history had, save
// for those that were left out, the newest first.
type Shown struct {
	ServerID string
	Stops    iter.Seq[*model.Stop]
}

// Shown are all that are kept after so many merges, but for those of some connections
// and times.
func (l *Ledger) Shown(but func(serverID string, cid uint64, at int64) bool) (shown []Shown, merges int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	symbols := l.symbols.Symbols(l.naming(nil))
	for _, h := range inOrder(l.processes) {
		if h.unread() {
			continue
		}
		id, table := h.server.ID, h.kept
		var places []int
		begin := 0
		for part := range table.Spans(0, table.Len()) {
			for i := part.From; i < part.To; i++ {
				if cid := part.CID[i]; !but(id, cid, part.At[i]) && !h.advised.Has(cid) {
					places = append(places, begin+i-part.From)
				}
			}
			begin += part.To - part.From
		}
		if len(places) == 0 {
			continue
		}
		slices.Reverse(places)
		shown = append(shown, Shown{id, func(yield func(*model.Stop) bool) {
			for _, i := range places {
				if !yield(reported(&symbols, table.Get(i), id)) {
					return
				}
			}
		}})
	}
	return shown, l.merges
}

// reported is a stop as its server told it.
func reported(symbols *store.Symbols, one store.Row, serverID string) *model.Stop {
	var stop model.Stop
	symbols.Stop(one, serverID, &stop)
	stop.Account = symbols.Accounts[one.ID(store.ColumnAccount)].Reported
	return &stop
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
	h := l.processes[c.Server.ID]
	if h == nil {
		h = &process{known: store.CIDSet{}, endpoint: c.Endpoint, place: l.placeOfPast(c), origin: c.Place, recalled: true}
		l.processes[c.Server.ID] = h
		if c.Since.Before(c.From) {
			h.recalledFrom, h.earlier = c.From, c.Earlier
		}
	}
	h.stand(c.Standing, now)
	if h.former == nil && c.Former != c.Server.ID {
		h.former = l.processes[c.Former]
	}
	h.lacks, h.unseen = append(Forgive(h.lacks, c.Regained), c.Lacks...), c.Unseen
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
	h.books = books{evicted: s.Evicted, doubts: s.Doubts}
	for _, gap := range s.Gaps {
		h.books.gaps = append(h.books.gaps, settled{gap, true})
	}
	if u := s.Unsettled; u != nil {
		h.books.open = &provisional{Gap: u.Gap, leaves: u.Leaves, overrun: u.Overrun, since: u.Since, reads: u.Reads}
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
		h.lacks = Forgive(h.lacks, h.unseen)
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
	gap := Gap{From: soonest(last.server.Now, h.server.Start), To: h.server.Start, Restart: true}
	h.books.gaps = append([]settled{{gap, true}}, h.books.gaps...)
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
		if s.At.After(h.server.Now.Add(-writtenLate)) {
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
		case h.makeGood(s.At), s.At.Before(h.recalledFrom) && !h.books.hold(s.At):
			// Whoever wrote the history saw it.
		case s.Kind == model.KindLeafnode:
			h.leafnodes++
		default:
			times = append(times, s.At)
		}
	}
	h.clients += int64(len(times))
	h.books = h.books.found(times, h.oldestAtFirst, false)
	if !past.firstReadAt.Before(h.firstReadAt) || past.recalledFrom.After(h.firstReadAt) {
		return
	}
	// What had left the ring before we met it was lost since the history ends, unless it
	// had left the ring before the history begins.
	then, until := past.books.settle(), past.until()
	then.gaps = slices.DeleteFunc(slices.Clone(then.gaps), func(s settled) bool {
		// Of what was lost since we met it our own books tell.
		if s.Restart || !s.To.After(h.firstReadAt) {
			return false
		}
		until = soonest(until, s.From)
		return true
	})
	lacks := slices.DeleteFunc(past.lacks, func(lack Gap) bool { return lack.To.After(h.firstReadAt) })
	// What they told of or could not write, and we saw, is not missing; what they saw before
	// the history begins is not lost.
	earlier := min(past.earlier, h.books.evicted)
	left := h.books.evicted - earlier
	then.gaps = forgive(then.gaps, (*settled).lost, then.missing()+Lost(lacks)-left)
	lacks = Forgive(lacks, then.missing()+Lost(lacks)-left)
	lost, gaps := max(left-Lost(lacks)-then.missing(), 0), then.gaps
	h.lacks, h.clients = append(h.lacks, lacks...), h.clients+Lost(lacks)+earlier
	if lost > 0 || h.server.Uncounted && until.Before(h.oldestAtFirst) {
		gaps = append(gaps, settled{Gap: Gap{From: soonest(until, h.oldestAtFirst), To: h.oldestAtFirst, Lost: lost}, told: true})
	}
	h.books.gaps, h.books.evicted = append(gaps, h.books.gaps...), past.books.evicted
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

// inOrder are processes in the order in which they began.
func inOrder(processes map[string]*process) []*process {
	all := slices.Collect(maps.Values(processes))
	slices.SortFunc(all, func(a, b *process) int {
		return cmp.Or(a.server.Start.Compare(b.server.Start), cmp.Compare(a.server.ID, b.server.ID))
	})
	return all
}

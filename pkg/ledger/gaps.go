package ledger

import (
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger/advised"
)

// Completeness. A server tells how many clients it has closed, but not which,
// and its ring may have dropped some. So each read of the ring compares
//
//	missing = closed − (seen − ahead)
//
// closed is the server's count, told before the ring was read; seen are the
// client records that ever came, with whatever read; ahead are those of them that
// stopped after the count, and so are not in it yet. The three are not of one instant
// (nats-server.md#records-are-written-late), so missing is now and then too
// high: a record that is being written, a stop between clock and count. Hence a
// gap is told once two reads agree on it, and taken back when its records come.

// Gap is a span in which a server's stops are known to be incomplete.
type Gap struct {
	From, To time.Time
	// Lost is how many stops are missing; 0 means that nobody can know.
	Lost int64
	// Restart: the records went with the server process that held them.
	Restart bool
	// History: the server told the records, but what kept them for later starts lacks
	// them. Nobody lost them but us.
	History bool
}

// books are what is believed of one process's completeness.
type books struct {
	// evicted is how many records had left the ring before first contact; doubts
	// is how many more reads may still lower that.
	evicted int64
	doubts  int
	// gaps are settled, oldest first; open is not told yet.
	gaps []settled
	open *provisional
}

type settled struct {
	Gap
	// told: it was told as news.
	told bool
}

type provisional struct {
	Gap
	// leaves: records of leafnodes are missing, too, which nobody counts.
	leaves bool
	// overrun is not zero where the ring turned over after the counters told:
	// counters that tell later than that may tell of more that is missing. A clock
	// that was wrong then holds nothing up for long.
	overrun time.Time
	// since is when it was found, reads how many reads have looked at it since.
	since time.Time
	reads int
}

// observation is what one read of the ring shows.
type observation struct {
	now time.Time
	// first is the first read of this process, successor that it took the place
	// of another, so that what is missing was lost.
	first, successor bool
	// joins: the read shows records that were known, or nothing that was not.
	joins bool
	// behind: records are known that stopped long after the counters told last: others
	// read them, and what had left the ring before they did is in no book here.
	behind bool
	// quiet: it shows nothing new, and the counters stand still.
	quiet bool
	// grew: the ring holds more than at the last read, so it was not full then,
	// and nothing had ever left it.
	grew bool
	// leaves: records of leafnodes were in the ring, which are not counted.
	leaves bool
	// ahead is when the newest client that is known stopped, if that was after the
	// counters told.
	ahead time.Time
	// missing is by the equation above.
	missing int64
	// span is where what is missing since the last read must have been.
	span Gap
}

const (
	// agreeing is how many reads settle a count that they do not quite agree on.
	agreeing = 3
	// writing is how long a record may take to be written after its stop was counted.
	writing = time.Second
	// writtenLate is how much later than its stop a record may be written: a
	// goroutine of its own does that (nats-server.md#records-are-written-late).
	writtenLate = 3 * time.Second
	// mostGaps is how many gaps are told apart; of more, the oldest become one.
	mostGaps = 2000
)

// missing is how many client records are known to be missing for good.
func (b books) missing() int64 {
	total := b.evicted
	for _, gap := range b.gaps {
		total += gap.Lost
	}
	return total
}

// reconcile is what is believed after a read.
func reconcile(b books, o observation) books {
	if o.grew {
		b.evicted, b.open = 0, nil
	}
	switch {
	case o.first && !o.successor:
		b.evicted, b.doubts = max(o.missing, 0), agreeing
	case o.first:
		b = b.find(o, false)
	case o.joins && o.behind:
		b = b.lower(o).settle().find(o, false)
	case o.joins && b.open != nil:
		b = b.agree(o)
	case o.joins:
		b = b.doubt(o)
	default:
		b = b.lower(o).settle().find(o, o.leaves)
	}
	return b
}

// find opens a gap for what is missing and was not before.
func (b books) find(o observation, leaves bool) books {
	lost := max(o.missing-b.missing(), 0)
	gap := o.span
	gap.Lost = lost
	open := provisional{Gap: gap, leaves: leaves, since: o.now}
	if !o.joins {
		open.overrun = o.ahead
	}
	if !open.empty() {
		b.open = &open
	}
	return b
}

// empty reports whether nothing can be missing in it.
func (p provisional) empty() bool { return p.Lost == 0 && !p.leaves && p.overrun.IsZero() }

// agree compares the open gap with what is missing now, when nothing more can have been lost.
func (b books) agree(o observation) books {
	open, lost := *b.open, max(o.missing-b.missing(), 0)
	same, overrun := lost >= open.Lost, !open.overrun.IsZero()
	if overrun {
		lost = max(open.Lost, lost)
	} else {
		lost = min(open.Lost, lost)
	}
	open.Lost = lost
	if !o.now.Before(open.overrun) || o.now.Sub(open.since) > writtenLate {
		open.overrun = time.Time{}
	}
	open.reads++
	b.open = &open
	switch {
	case open.empty():
		b.open = nil
	case overrun:
		// What only this read tells of, or none yet could, is for the next one to agree on.
	case o.now.Sub(open.since) < writing:
	case same, o.quiet, open.reads >= agreeing:
		b = b.settle()
	}
	return b
}

// lower takes from the open gap what this read shows not to be missing: a record
// that was late is there now, whatever else was lost since.
func (b books) lower(o observation) books {
	if b.open == nil {
		return b
	}
	open := *b.open
	open.Lost = min(open.Lost, max(o.missing-b.missing(), 0))
	b.open = &open
	return b
}

// settle makes a gap of the open one, if there is one.
func (b books) settle() books {
	if b.open == nil {
		return b
	}
	if b.open.Lost == 0 && !b.open.leaves {
		b.open = nil
		return b
	}
	gap := b.open.Gap
	b.open = nil
	return b.lacking(gap)
}

// lacking has one more gap.
func (b books) lacking(gap Gap) books {
	b.gaps = append(slices.Clone(b.gaps), settled{Gap: gap})
	if len(b.gaps) > mostGaps {
		b.gaps[1].From, b.gaps[1].Lost, b.gaps[1].told = b.gaps[0].From, b.gaps[1].Lost+b.gaps[0].Lost, b.gaps[0].told
		b.gaps = b.gaps[1:]
	}
	return b
}

// Forgive takes so many records out of the newest gaps: they are known after all, or
// told of elsewhere.
func Forgive(gaps []Gap, records int64) []Gap { return forgive(gaps, (*Gap).lost, records) }

func forgive[G any](gaps []G, lost func(*G) *int64, records int64) []G {
	var left []G
	for _, gap := range slices.Backward(gaps) {
		some := min(max(records, 0), *lost(&gap))
		records -= some
		if *lost(&gap) -= some; some == 0 || *lost(&gap) > 0 {
			left = append(left, gap)
		}
	}
	slices.Reverse(left)
	return left
}

// Lost is how many records are missing in gaps.
func Lost(gaps []Gap) (lost int64) {
	for i := range gaps {
		lost += gaps[i].Lost
	}
	return lost
}

func (g *Gap) lost() *int64 { return &g.Lost }

func (s *settled) lost() *int64 { return &s.Lost }

// doubt lowers what is thought to have left the ring before first contact.
func (b books) doubt(o observation) books {
	if b.doubts > 0 {
		b.evicted = min(b.evicted, max(o.missing-(b.missing()-b.evicted), 0))
		b.doubts--
	}
	if o.quiet {
		b.doubts = 0
	}
	return b
}

// found takes records back that came after all, by their times: what a gap lost
// or is thought to have lost, or what had left the ring before the oldest record
// of first contact. What comes with a read that was overtaken was missing in the
// newer one, so it is of a gap though that seems to have ended before.
func (b books) found(times []time.Time, oldest time.Time, overtaken bool) books {
	holds := Gap.holds
	if overtaken {
		holds = Gap.beganBefore
	}
	for _, at := range times {
		if at.Before(oldest) && b.evicted > 0 {
			b.evicted--
			continue
		}
		if b.open != nil && b.open.Lost > 0 && holds(b.open.Gap, at) {
			open := *b.open
			open.Lost--
			b.open = &open
			continue
		}
		for i := len(b.gaps) - 1; i >= 0; i-- {
			if gap := b.gaps[i]; gap.Lost > 0 && holds(gap.Gap, at) {
				b.gaps = slices.Clone(b.gaps)
				b.gaps[i].Lost--
				if b.gaps[i].Lost == 0 {
					b.gaps = slices.Delete(b.gaps, i, i+1)
				}
				break
			}
		}
	}
	if b.open != nil && b.open.empty() {
		b.open = nil
	}
	return b
}

// hold reports whether a record of that time may be missing in one of the gaps.
func (b books) hold(at time.Time) bool {
	return b.open != nil && b.open.Lost > 0 && b.open.holds(at) ||
		slices.ContainsFunc(b.gaps, func(gap settled) bool { return gap.Lost > 0 && gap.holds(at) })
}

// holds reports whether a record of that time may be missing in the gap.
func (g Gap) holds(at time.Time) bool { return g.beganBefore(at) && at.Before(g.To) }

func (g Gap) beganBefore(at time.Time) bool { return !at.Before(g.From.Add(-writtenLate)) }

// news are the settled gaps that were not told yet.
func (b books) news() (told books, gaps []Gap) {
	for i := range b.gaps {
		if !b.gaps[i].told {
			gaps = append(gaps, b.gaps[i].Gap)
		}
	}
	if len(gaps) > 0 {
		b.gaps = slices.Clone(b.gaps)
		for i := range b.gaps {
			b.gaps[i].told = true
		}
	}
	return b, gaps
}

// forget gives up the told gaps that ended before a time, and returns how many
// records they had lost.
func (b books) forget(before time.Time) (kept books, lost int64) {
	old := 0
	for old < len(b.gaps) && b.gaps[old].told && b.gaps[old].To.Before(before) {
		lost += b.gaps[old].Lost
		old++
	}
	if old > 0 {
		b.gaps = slices.Clone(b.gaps[old:])
	}
	return b, lost
}

// less are the gaps, in the order of their begin, without what advisories told of them.
func less(gaps []Gap, told *advised.Kept) []Gap {
	if told.Len() == 0 {
		return gaps
	}
	var left []Gap
	next := 0
	for _, gap := range gaps {
		if gap.Lost > 0 {
			from := max(told.Before(gap.From.Add(-writtenLate)), next)
			found := min(int(gap.Lost), max(told.Before(gap.To)-from, 0))
			next = from + found
			if gap.Lost -= int64(found); gap.Lost == 0 {
				continue
			}
		}
		left = append(left, gap)
	}
	return left
}

package books

import "time"

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

// Observation is what one read of the ring shows.
type Observation struct {
	Now time.Time
	// First is the first read of this process, Successor that it took the place
	// of another, so that what is missing was lost.
	First, Successor bool
	// Joins: the read shows records that were known, or nothing that was not.
	Joins bool
	// Behind: records are known that stopped long after the counters told last: others
	// read them, and what had left the ring before they did is in no book here.
	Behind bool
	// Quiet: it shows nothing new, and the counters stand still.
	Quiet bool
	// Grew: the ring holds more than at the last read, so it was not full then,
	// and nothing had ever left it.
	Grew bool
	// Leaves: records of leafnodes were in the ring, which are not counted.
	Leaves bool
	// Ahead is when the newest client that is known stopped, if that was after the
	// counters told.
	Ahead time.Time
	// Missing is by the equation above.
	Missing int64
	// Span is where what is missing since the last read must have been.
	Span Gap
}

const (
	// agreeing is how many reads settle a count that they do not quite agree on.
	agreeing = 3
	// writing is how long a record may take to be written after its stop was counted.
	writing = time.Second
)

// Reconcile is what is believed after a read.
func Reconcile(b Books, o Observation) Books {
	if o.Grew {
		b.Evicted, b.Open = 0, nil
	}
	switch {
	case o.First && !o.Successor:
		b.Evicted, b.Doubts = max(o.Missing, 0), agreeing
	case o.First:
		b = b.find(o, false)
	case o.Joins && o.Behind:
		b = b.lower(o).Settle().find(o, false)
	case o.Joins && b.Open != nil:
		b = b.agree(o)
	case o.Joins:
		b = b.doubt(o)
	default:
		b = b.lower(o).Settle().find(o, o.Leaves)
	}
	return b
}

// find opens a gap for what is missing and was not before.
func (b Books) find(o Observation, leaves bool) Books {
	lost := max(o.Missing-b.Missing(), 0)
	gap := o.Span
	gap.Lost = lost
	open := Unsettled{Gap: gap, Leaves: leaves, Since: o.Now}
	if !o.Joins {
		open.Overrun = o.Ahead
	}
	if !open.empty() {
		b.Open = &open
	}
	return b
}

// empty reports whether nothing can be missing in it.
func (p Unsettled) empty() bool { return p.Lost == 0 && !p.Leaves && p.Overrun.IsZero() }

// agree compares the open gap with what is missing now, when nothing more can have been lost.
func (b Books) agree(o Observation) Books {
	open, lost := *b.Open, max(o.Missing-b.Missing(), 0)
	same, overrun := lost >= open.Lost, !open.Overrun.IsZero()
	if overrun {
		lost = max(open.Lost, lost)
	} else {
		lost = min(open.Lost, lost)
	}
	open.Lost = lost
	if !o.Now.Before(open.Overrun) || o.Now.Sub(open.Since) > WrittenLate {
		open.Overrun = time.Time{}
	}
	open.Reads++
	b.Open = &open
	switch {
	case open.empty():
		b.Open = nil
	case overrun:
		// What only this read tells of, or none yet could, is for the next one to agree on.
	case o.Now.Sub(open.Since) < writing:
	case same, o.Quiet, open.Reads >= agreeing:
		b = b.Settle()
	}
	return b
}

// lower takes from the open gap what this read shows not to be missing: a record
// that was late is there now, whatever else was lost since.
func (b Books) lower(o Observation) Books {
	if b.Open == nil {
		return b
	}
	open := *b.Open
	open.Lost = min(open.Lost, max(o.Missing-b.Missing(), 0))
	b.Open = &open
	return b
}

// doubt lowers what is thought to have left the ring before first contact.
func (b Books) doubt(o Observation) Books {
	if b.Doubts > 0 {
		b.Evicted = min(b.Evicted, max(o.Missing-(b.Missing()-b.Evicted), 0))
		b.Doubts--
	}
	if o.Quiet {
		b.Doubts = 0
	}
	return b
}

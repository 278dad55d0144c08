package clock

import (
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Tolerance is what a server's clock may be off before that is taken out
// of its times (decision D11): what is measured is wrong by half the way to
// the server and back.
const Tolerance = 2 * time.Second

const (
	// back is by how much a clock goes back at least when it was put back;
	// less is a read that was overtaken.
	back = time.Second
	// longestRead is more than any read takes: what stopped so long after its
	// server was heard was stamped by a clock that was wrong.
	longestRead = 10 * time.Minute
)

// Clock is what is known of a server's clock.
type Clock struct {
	// Offset is what is taken out of its times, Before what was until the last read.
	Offset, Before time.Duration
	// Measured is how far it was ahead of ours at the last read, give or take Doubt, and
	// Told what it showed.
	Measured, Doubt time.Duration
	Told            time.Time
}

// Measure is the clock as a reading shows it. An offset stays until it is off by
// more than the tolerance and what the measuring may be wrong by, so that times do
// not jump about with it.
func (c Clock) Measure(r model.Reading) Clock {
	next := Clock{Offset: c.Offset, Before: c.Offset, Measured: r.ClockOffset, Doubt: r.ClockDoubt, Told: r.Server.Now}
	if tolerance := Tolerance + r.ClockDoubt; (r.ClockOffset - c.Offset).Abs() > tolerance {
		next.Offset = r.ClockOffset
		if r.ClockOffset.Abs() <= tolerance {
			next.Offset = 0
		}
	}
	if c.Told.IsZero() {
		next.Before = next.Offset
	}
	return next
}

// WentBack reports whether the clock was put back before it showed now: the ring
// is in the order of time, so what is new may be anywhere in it.
func (c Clock) WentBack(now time.Time) bool { return now.Before(c.Told.Add(-back)) }

// Slipped reports whether a clock was put back by less than passed since it was read.
func (c Clock) Slipped(next Clock) bool {
	return !c.Told.IsZero() && !c.WentBack(next.Told) && next.Measured < c.Measured-Tolerance-next.Doubt
}

// Ours is a time by our clock.
func (c Clock) Ours(t time.Time) time.Time {
	if c.Offset == 0 || t.IsZero() {
		return t
	}
	return t.Add(-c.Offset)
}

// Exactly is a time that was translated, without what the tolerance left in it.
func (c Clock) Exactly(t time.Time) time.Time { return t.Add(c.Offset - c.Measured) }

// Translate moves the times of a reading to our clock; all records were known that
// were written before a time of ours.
func (c Clock) Translate(r *model.Reading, until time.Time) {
	r.Server.Start, r.Server.Now, r.OpenAt = c.Ours(r.Server.Start), c.Ours(r.Server.Now), c.Ours(r.OpenAt)
	for i := range r.Closed {
		s := &r.Closed[i]
		s.ServerAt = s.At
		if r.HeardAt.IsZero() {
			continue
		}
		if by := c.offsetAt(s.At, until, r.Server.Now); by != 0 {
			s.At, s.Start, s.LastActivity = s.At.Add(-by), earlier(s.Start, by), earlier(s.LastActivity, by)
		}
	}
	if c.Offset == 0 {
		return
	}
	for i := range r.Open {
		o := &r.Open[i]
		o.Start, o.LastActivity = earlier(o.Start, c.Offset), earlier(o.LastActivity, c.Offset)
	}
}

// offsetAt is how far the clock was off when it stamped a stop. After a clock was
// changed, a ring holds stops of before and after: what fits between the last
// read and this one is taken, rather than what is ahead of it. What fits in no way
// is of when it was heard.
func (c Clock) offsetAt(at, until, heard time.Time) time.Duration {
	possible := func(by time.Duration) bool {
		t := at.Add(-by)
		return !t.Before(until.Add(-Tolerance)) && t.Before(heard.Add(longestRead))
	}
	ahead := at.Add(-c.Offset).After(heard.Add(Tolerance))
	if c.Before != c.Offset && (ahead || !possible(c.Offset)) && possible(c.Before) {
		return c.Before
	}
	if late := at.Add(-c.Offset).Sub(heard); late > longestRead {
		return c.Offset + late
	}
	return c.Offset
}

func earlier(t time.Time, by time.Duration) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(-by)
}

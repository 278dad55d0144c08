package ledger

import (
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// ClockTolerance is what a server's clock may be off before that is taken out
// of its times (decision D11): what is measured is wrong by half the way to
// the server and back.
const ClockTolerance = 2 * time.Second

const (
	// clockBack is by how much a clock goes back at least when it was put back;
	// less is a read that was overtaken.
	clockBack = time.Second
	// longestRead is more than any read takes: what stopped so long after its
	// server was heard was stamped by a clock that was wrong.
	longestRead = 10 * time.Minute
)

// clock is what is known of a server's clock.
type clock struct {
	// offset is what is taken out of its times, before what was until the last read.
	offset, before time.Duration
	// measured is how far it was ahead at the last read, give or take doubt, and told
	// what it showed.
	measured, doubt time.Duration
	told            time.Time
}

// measure is the clock as a reading shows it. An offset stays until it is off by
// more than the tolerance and what the measuring may be wrong by, so that times do
// not jump about with it.
func (c clock) measure(r model.Reading) clock {
	next := clock{offset: c.offset, before: c.offset, measured: r.ClockOffset, doubt: r.ClockDoubt, told: r.Server.Now}
	if tolerance := ClockTolerance + r.ClockDoubt; (r.ClockOffset - c.offset).Abs() > tolerance {
		next.offset = r.ClockOffset
		if r.ClockOffset.Abs() <= tolerance {
			next.offset = 0
		}
	}
	if c.told.IsZero() {
		next.before = next.offset
	}
	return next
}

// wentBack reports whether the clock was put back before it showed now: the ring
// is in the order of time, so what is new may be anywhere in it.
func (c clock) wentBack(now time.Time) bool { return now.Before(c.told.Add(-clockBack)) }

// slipped reports whether a clock was put back by less than passed since it was read.
func (c clock) slipped(next clock) bool {
	return !c.told.IsZero() && !c.wentBack(next.told) && next.measured < c.measured-ClockTolerance-next.doubt
}

// ours is a time by our clock.
func (c clock) ours(t time.Time) time.Time {
	if c.offset == 0 || t.IsZero() {
		return t
	}
	return t.Add(-c.offset)
}

// exactly is a time that was translated, without what the tolerance left in it.
func (c clock) exactly(t time.Time) time.Time { return t.Add(c.offset - c.measured) }

// translate moves the times of a reading to our clock; the ring was last known
// until a time of ours.
func (c clock) translate(r *model.Reading, until time.Time) {
	r.Server.Start, r.Server.Now, r.OpenAt = c.ours(r.Server.Start), c.ours(r.Server.Now), c.ours(r.OpenAt)
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
	if c.offset == 0 {
		return
	}
	for i := range r.Open {
		o := &r.Open[i]
		o.Start, o.LastActivity = earlier(o.Start, c.offset), earlier(o.LastActivity, c.offset)
	}
}

// offsetAt is how far the clock was off when it stamped a stop. After a clock was
// changed, a ring holds stops of before and after: what fits between the last
// read and this one is taken, rather than what is ahead of it. What fits in no way
// is of when it was heard.
func (c clock) offsetAt(at, until, heard time.Time) time.Duration {
	possible := func(by time.Duration) bool {
		t := at.Add(-by)
		return !t.Before(until.Add(-writtenLate-ClockTolerance)) && t.Before(heard.Add(longestRead))
	}
	ahead := at.Add(-c.offset).After(heard.Add(ClockTolerance))
	if c.before != c.offset && (ahead || !possible(c.offset)) && possible(c.before) {
		return c.before
	}
	if late := at.Add(-c.offset).Sub(heard); late > longestRead {
		return c.offset + late
	}
	return c.offset
}

func earlier(t time.Time, by time.Duration) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(-by)
}

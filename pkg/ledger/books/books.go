package books

import (
	"slices"
	"time"
)

// Books are what is believed of one process's completeness; they do not change.
type Books struct {
	// Evicted is how many records had left the ring before first contact; Doubts
	// is how many more reads may still lower that.
	Evicted int64
	Doubts  int
	// Gaps are settled, oldest first; Open is not told yet.
	Gaps []Settled
	Open *Unsettled
}

// Settled is a gap that is told.
type Settled struct {
	Gap
	// Told: it was told as news.
	Told bool
}

// Unsettled is a gap that further reads may still change.
type Unsettled struct {
	Gap
	// Leaves: records of leafnodes are missing, too, which nobody counts.
	Leaves bool
	// Overrun is not zero where the ring turned over after the counters told:
	// counters that tell later than that may tell of more that is missing. A clock
	// that was wrong then holds nothing up for long.
	Overrun time.Time
	// Since is when it was found, Reads how many reads have looked at it since.
	Since time.Time
	Reads int
}

// mostGaps is how many gaps are told apart; of more, the oldest become one.
const mostGaps = 2000

// Missing is how many client records are known to be missing for good.
func (b Books) Missing() int64 {
	total := b.Evicted
	for _, gap := range b.Gaps {
		total += gap.Lost
	}
	return total
}

// Forgive takes so many records out of the newest gaps: another reader has them.
func (b Books) Forgive(records int64) Books {
	b.Gaps = forgive(b.Gaps, (*Settled).lost, records)
	return b
}

func (s *Settled) lost() *int64 { return &s.Lost }

// Settle makes a gap of the open one, if there is one.
func (b Books) Settle() Books {
	if b.Open == nil {
		return b
	}
	if b.Open.Lost == 0 && !b.Open.Leaves {
		b.Open = nil
		return b
	}
	gap := b.Open.Gap
	b.Open = nil
	return b.Lacking(gap)
}

// Lacking has one more gap.
func (b Books) Lacking(gap Gap) Books {
	b.Gaps = append(slices.Clone(b.Gaps), Settled{Gap: gap})
	if len(b.Gaps) > mostGaps {
		b.Gaps[1].From, b.Gaps[1].Lost, b.Gaps[1].Told = b.Gaps[0].From, b.Gaps[1].Lost+b.Gaps[0].Lost, b.Gaps[0].Told
		b.Gaps = b.Gaps[1:]
	}
	return b
}

// Found takes records back that came after all, by their times: what a gap lost
// or is thought to have lost, or what had left the ring before the oldest record
// of first contact. What comes with a read that was overtaken was missing in the
// newer one, so it is of a gap though that seems to have ended before.
func (b Books) Found(times []time.Time, oldest time.Time, overtaken bool) Books {
	holds := Gap.holds
	if overtaken {
		holds = Gap.beganBefore
	}
	for _, at := range times {
		if at.Before(oldest) && b.Evicted > 0 {
			b.Evicted--
			continue
		}
		if b.Open != nil && b.Open.Lost > 0 && holds(b.Open.Gap, at) {
			open := *b.Open
			open.Lost--
			b.Open = &open
			continue
		}
		for i := len(b.Gaps) - 1; i >= 0; i-- {
			if gap := b.Gaps[i]; gap.Lost > 0 && holds(gap.Gap, at) {
				b.Gaps = slices.Clone(b.Gaps)
				b.Gaps[i].Lost--
				if b.Gaps[i].Lost == 0 {
					b.Gaps = slices.Delete(b.Gaps, i, i+1)
				}
				break
			}
		}
	}
	if b.Open != nil && b.Open.empty() {
		b.Open = nil
	}
	return b
}

// Hold reports whether a record of that time may be missing in one of the gaps.
func (b Books) Hold(at time.Time) bool {
	return b.Open != nil && b.Open.Lost > 0 && b.Open.holds(at) ||
		slices.ContainsFunc(b.Gaps, func(gap Settled) bool { return gap.Lost > 0 && gap.holds(at) })
}

// News are the settled gaps that were not told yet.
func (b Books) News() (told Books, gaps []Gap) {
	for i := range b.Gaps {
		if !b.Gaps[i].Told {
			gaps = append(gaps, b.Gaps[i].Gap)
		}
	}
	if len(gaps) > 0 {
		b.Gaps = slices.Clone(b.Gaps)
		for i := range b.Gaps {
			b.Gaps[i].Told = true
		}
	}
	return b, gaps
}

// Forget gives up the told gaps that ended before a time, and returns how many
// records they had lost.
func (b Books) Forget(before time.Time) (kept Books, lost int64) {
	old := 0
	for old < len(b.Gaps) && b.Gaps[old].Told && b.Gaps[old].To.Before(before) {
		lost += b.Gaps[old].Lost
		old++
	}
	if old > 0 {
		b.Gaps = slices.Clone(b.Gaps[old:])
	}
	return b, lost
}

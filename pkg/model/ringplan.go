package model

import "time"

// RingPlan is how much of a server's ring is worth reading.
type RingPlan struct {
	// Skip: nothing can have stopped since the last read, as far as counters tell.
	Skip bool
	// Known counts the records that need not be read again: they are kept, or were
	// and are not wanted any more. Nil asks for the whole ring.
	Known func(rows []Stop) int
	// Since is how far back a read must look for records that were not there
	// yet when the ring was last read.
	Since time.Time
}

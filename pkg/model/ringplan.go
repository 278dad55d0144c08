package model

import "time"

// RingPlan is how much of a server's ring is worth reading.
type RingPlan struct {
	// Skip: nothing can have stopped since the last read, as far as counters tell.
	Skip bool
	// Known reports which records need not be read again: they are kept, or were
	// and are not wanted any more. It takes no lock. Nil asks for the whole ring.
	Known func(cid uint64, at time.Time) bool
	// Since is how far back a read must look for records that were not there
	// yet when the ring was last read.
	Since time.Time
}

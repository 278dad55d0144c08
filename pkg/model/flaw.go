package model

// Flaw is what could not be read of an answer though the rest could.
type Flaw struct {
	// Field is the member as the server names it; empty means whole records.
	Field string
	// Count is how many of them could not be read.
	Count int
}

package live

import "crypto/rand"

// Position is how far a stream is, so that whoever listens knows what it missed.
type Position struct {
	// Run is one run of a stream; empty before there is one.
	Run string `json:"run"`
	// Number is that of the packet within the run, from 1.
	Number int `json:"number"`
	// More happened lately than is sent: who wants it all has to ask.
	More bool `json:"more,omitempty"`
}

func newRun() string { return rand.Text() }

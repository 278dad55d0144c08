package reads

import "time"

// Freshness is how old an answer may be.
type Freshness int

const (
	// Current is as the settings say (syncEvery).
	Current Freshness = iota
	// Recent may be the older the more connections there are to be read for it.
	Recent
	// Lately is for what stands beside stops: it may be a few seconds old, so that a
	// dashboard that is refreshed does not read a list each time.
	Lately
	// Known is for what is offered to choose from: it may be a while old.
	Known
)

const (
	// perConnection makes a read of 10,000 open connections good for 6 seconds:
	// the servers sort and send all of them, about 4 MB.
	perConnection = 6 * time.Second / 10_000
	maxRecent     = time.Minute
	latelyFor     = 10 * time.Second
	knownFor      = 30 * time.Second
	// toldFrom is the age from which on an answer tells it.
	toldFrom = 10 * time.Second
)

// goodFor is how long a read of so many open connections serves.
func (f Freshness) goodFor(every time.Duration, open int) time.Duration {
	switch f {
	case Recent:
		return max(every, min(time.Duration(open)*perConnection, maxRecent))
	case Lately:
		return max(latelyFor, Recent.goodFor(every, open))
	case Known:
		return max(every, knownFor)
	case Current:
	}
	return every
}

// Tells reports whether an answer of such an age has to tell it.
func (f Freshness) Tells(age time.Duration) bool {
	return (f == Recent || f == Lately) && age >= toldFrom
}

package reads

import "github.com/natsops/nats-connections-datasource/pkg/source"

// Need is what must have been read, and how old that may be.
type Need struct {
	Lists
	Freshness Freshness
}

// None reports whether nothing but the servers themselves must have been read.
func (n Need) None() bool { return n.Lists == Lists{} }

// Lists are what is read of each server.
type Lists struct {
	Closed, Open bool
	// Top is what of the open ones is enough.
	Top source.Top
}

// covers reports whether a read of l also serves other.
func (l Lists) covers(other Lists) bool {
	return (l.Closed || !other.Closed) && (!other.Open || l.Open && l.Top.Covers(other.Top))
}

func (l Lists) and(other Lists) Lists {
	both := Lists{Closed: l.Closed || other.Closed, Open: l.Open || other.Open}
	switch {
	case !l.Open:
		both.Top = other.Top
	case !other.Open:
		both.Top = l.Top
	default:
		both.Top = l.Top.And(other.Top)
	}
	return both
}

// allOpen reports whether every open connection is read.
func (l Lists) allOpen() bool { return l.Open && l.Top.All() }

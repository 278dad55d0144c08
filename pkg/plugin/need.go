package plugin

// need is what a query must have read.
type need struct{ closed, open bool }

// covers reports whether a read for n also serves other.
func (n need) covers(other need) bool { return (n.closed || !other.closed) && (n.open || !other.open) }

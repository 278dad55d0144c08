package source

// Top is what to read in place of all open connections, where servers can sort
// and cut: the first few by a number, largest first.
type Top struct {
	// Sort is the servers' word for the number; empty asks for all of them.
	Sort string
	Most int
}

// sorts are the columns that every supported server sorts open connections by,
// largest first, in its own words (nats-server.md#pages-are-snapshots-of-their-own).
var sorts = map[string]string{
	"pending_bytes": "pending",
	"subscriptions": "subs",
	"in_msgs":       "msgs_from",
	"out_msgs":      "msgs_to",
	"in_bytes":      "bytes_from",
	"out_bytes":     "bytes_to",
	"idle":          "idle",
}

// TopBy is the first few by a column; all where servers do not sort by it.
func TopBy(column string, most int) Top {
	if word, known := sorts[column]; known {
		return Top{word, most}
	}
	return Top{}
}

// All reports whether nothing is cut.
func (t Top) All() bool { return t == Top{} }

// Covers reports whether whoever has t also has other.
func (t Top) Covers(other Top) bool {
	return t.All() || t.Sort == other.Sort && t.Most >= other.Most
}

// And is what to read for both.
func (t Top) And(other Top) Top {
	switch {
	case t.Covers(other):
		return t
	case other.Covers(t):
		return other
	}
	return Top{}
}

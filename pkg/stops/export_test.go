package stops

import "math"

// Memoised tells how many names a namer remembers.
func Memoised(n *AppNamer) int {
	n.mutex.RLock()
	defer n.mutex.RUnlock()
	return len(n.apps)
}

// Stops are all selected stops.
func (s Snapshot) Stops(selection Selection) []*Stop {
	found := s.Find(selection, math.MaxInt)
	return found.First(found.Len())
}

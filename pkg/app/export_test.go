package app

// Memoised tells how many names a namer remembers.
func (n *Namer) Memoised() int {
	n.mutex.RLock()
	defer n.mutex.RUnlock()
	return len(n.apps)
}

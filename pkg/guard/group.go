package guard

import "sync"

// Group is a [sync.WaitGroup] that passes a panic of a goroutine on to who waits
// for it: nothing else could catch it.
type Group struct {
	wait sync.WaitGroup
	mu   sync.Mutex
	// first is what the first goroutine failed by, if any did.
	first *fault
}

// Go calls f in a goroutine.
func (g *Group) Go(f func()) {
	g.wait.Go(func() {
		defer func() {
			if r := recover(); r != nil {
				g.fail(r)
			}
		}()
		f()
	})
}

func (g *Group) fail(r any) {
	happened, passed := r.(fault)
	if !passed {
		happened = caught(r)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.first == nil {
		g.first = &happened
	}
}

// Wait waits for all goroutines, and panics if one of them did.
func (g *Group) Wait() {
	g.wait.Wait()
	if g.first != nil {
		panic(*g.first)
	}
}

package live

import (
	"sync"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// mostWaiting is how many stops wait for a listener that is slower than they
// come: the whole ring of a server.
const mostWaiting = 10_000

// Channel is the mailbox of one stream: stops that are not sent yet, oldest news
// first. It is safe for concurrent use.
type Channel struct {
	path string
	// leave has the hub tell it nothing more.
	leave      func()
	where      []fields.Condition
	classifier *reason.Classifier
	// wake has a value when there is something to look at.
	wake chan struct{}

	mu      sync.Mutex
	waiting []delivery
	// rows is how many stops wait.
	rows   int
	latest ledger.Snapshot
	at     Position
}

// delivery is what one merge brought.
type delivery struct {
	merge int
	stops []model.Stop
	// dropped is how many more there were.
	dropped int
}

// Batch is what is to be sent next.
type Batch struct {
	Stops []model.Stop
	// Dropped is how many stops are missing before those.
	Dropped int
	// Latest is what is known.
	Latest ledger.Snapshot
	// More are waiting.
	More bool
}

// tell keeps of what a merge brought what the channel is for.
func (c *Channel) tell(known ledger.Snapshot, stops []model.Stop) {
	wanted := delivery{merge: known.Merge}
	for i := range stops {
		if c.admits(&stops[i]) {
			wanted.stops = append(wanted.stops, stops[i])
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.latest = known
	if len(wanted.stops) > 0 {
		c.waiting, c.rows = append(c.waiting, wanted), c.rows+len(wanted.stops)
		c.drop()
	}
	select {
	case c.wake <- struct{}{}:
	default: // It will look anyway.
	}
}

func (c *Channel) admits(s *model.Stop) bool {
	for _, condition := range c.where {
		if !condition.Match(fields.OfStop(s, condition.Key, c.classifier)) {
			return false
		}
	}
	return true
}

// drop has the oldest give way where too many wait.
func (c *Channel) drop() {
	for i := range c.waiting {
		d := &c.waiting[i]
		over := min(c.rows-mostWaiting, len(d.stops))
		if over <= 0 {
			return
		}
		d.stops, d.dropped, c.rows = d.stops[over:], d.dropped+over, c.rows-over
	}
}

// Begin forgets what waits and is known already: the stream begins with that.
func (c *Channel) Begin(known ledger.Snapshot) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.waiting) > 0 && c.waiting[0].merge <= known.Merge {
		c.rows -= len(c.waiting[0].stops)
		c.waiting = c.waiting[1:]
	}
	if c.latest.Merge < known.Merge {
		c.latest = known
	}
}

// Woken has a value when there may be something new, if only about servers.
func (c *Channel) Woken() <-chan struct{} { return c.wake }

// Take returns the next few that wait, at most so many.
func (c *Channel) Take(most int) Batch {
	c.mu.Lock()
	defer c.mu.Unlock()
	batch := Batch{Latest: c.latest}
	for len(c.waiting) > 0 && len(batch.Stops) < most {
		d := &c.waiting[0]
		batch.Dropped, d.dropped = batch.Dropped+d.dropped, 0
		count := min(len(d.stops), most-len(batch.Stops))
		batch.Stops = append(batch.Stops, d.stops[:count]...)
		if d.stops = d.stops[count:]; len(d.stops) == 0 {
			c.waiting = c.waiting[1:]
		}
	}
	c.rows -= len(batch.Stops)
	batch.More = len(c.waiting) > 0
	return batch
}

// Close ends the channel.
func (c *Channel) Close() { c.leave() }

func (c *Channel) position() Position {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// advance is the position of the next packet.
func (c *Channel) advance() Position {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at.Run == "" {
		c.at.Run = newRun()
	}
	c.at.Number++
	return c.at
}

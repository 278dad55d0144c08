package ledger

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/account"
	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// News is what a merge brought that its ledger did not know.
type News struct {
	// At is when, by our clock.
	At time.Time
	// Snapshot is all that is known now.
	Snapshot Snapshot
	Rings    []RingNews
	// Kept is how many stops the ledger keeps now.
	Kept int

	accounts account.Names
	apps     *app.Namer
}

// RingNews is what the ring of one server brought.
type RingNews struct {
	Server model.Server
	// Label is what the server is called (decision D13).
	Label string
	// Stops are oldest first, and may be kept.
	Stops []*model.Stop
	// Confirmed are no news: advisories alone had told them, and now the ring shows them
	// as well. Oldest first.
	Confirmed []*model.Stop
	// Recalled: the ledger knew the process from a history before it read it.
	Recalled bool
	// Advised: advisories told the stops, and no ring did.
	Advised bool
	// Gaps are told once their counts are final.
	Gaps []books.Gap
}

// Account is what people call a stop's account.
func (n News) Account(s *model.Stop) string {
	return n.accounts.Of(store.Account{Reported: s.Account, ID: s.AccountID})
}

// Shown are the stops of a ring as the snapshot has them, oldest first.
func (n News) Shown(ring RingNews) []model.Stop {
	shown := make([]model.Stop, len(ring.Stops))
	for i, s := range ring.Stops {
		shown[i] = *s
		one := &shown[i]
		one.Server, one.Cluster = ring.Label, ring.Server.Cluster
		one.Account, one.App = n.Account(s), n.apps.App(s.Name)
	}
	return shown
}

// subscribers are told what merges brought. Their fields belong to the ledger's
// lock, except for telling.
type subscribers struct {
	all    map[int]func(News)
	number int
	// queue is what was not told yet.
	queue []News
	// guard is the ledger's lock.
	guard *sync.Mutex
	// telling is held by who tells, and taken before the ledger's lock.
	telling sync.Mutex
}

// Subscribe has every merge end with a call of tell, one at a time and in the
// order of the merges, until cancel is called. The ledger is not locked
// meanwhile, but tell must not merge. It only borrows what it is given, save for the
// stops, to which nobody writes any more.
func (s *subscribers) Subscribe(tell func(News)) (cancel func()) {
	s.guard.Lock()
	defer s.guard.Unlock()
	if s.all == nil {
		s.all = map[int]func(News){}
	}
	s.number++
	number := s.number
	s.all[number] = tell
	return func() {
		s.guard.Lock()
		defer s.guard.Unlock()
		delete(s.all, number)
	}
}

// publish tells what is queued; when it returns, all that was queued before is told.
func (s *subscribers) publish() {
	s.telling.Lock()
	defer s.telling.Unlock()
	for {
		s.guard.Lock()
		if len(s.queue) == 0 {
			s.guard.Unlock()
			return
		}
		news := s.queue[0]
		s.queue = slices.Delete(s.queue, 0, 1)
		numbers := slices.Sorted(maps.Keys(s.all))
		tell := make([]func(News), 0, len(numbers))
		for _, number := range numbers {
			tell = append(tell, s.all[number])
		}
		s.guard.Unlock()
		for _, one := range tell {
			one(news)
		}
	}
}

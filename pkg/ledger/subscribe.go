package ledger

import (
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// News is what a merge brought that its ledger did not know.
type News struct {
	Rings []RingNews
	// Kept is how many stops the ledger keeps now.
	Kept int

	accounts accountNames
}

// RingNews is what the ring of one server brought.
type RingNews struct {
	Server model.Server
	// Label is what the server is called (decision D13).
	Label string
	// Stops are oldest first.
	Stops []*model.Stop
	// Gaps are told once their counts are final.
	Gaps []Gap
}

// Account is what people call a stop's account.
func (n News) Account(s *model.Stop) string {
	return n.accounts.of(store.Account{Reported: s.Account, ID: s.AccountID})
}

// Tell has every merge end with a call of tell, which only borrows what it is
// given. It must be called before the first merge.
func (l *Ledger) Tell(tell func(News)) { l.tell = tell }

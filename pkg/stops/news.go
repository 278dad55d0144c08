package stops

// News is what a merge brought that its ledger did not know.
type News struct {
	Rings []RingNews
	// Kept is how many stops the ledger keeps now.
	Kept int

	accounts accountNames
}

// RingNews is what the ring of one server brought.
type RingNews struct {
	Server Server
	// Stops are oldest first.
	Stops []*Stop
	// Gaps are told once their counts are final.
	Gaps []Gap
}

// Account is what people call a stop's account.
func (n News) Account(s *Stop) string { return n.accounts.of(account{s.Account, s.AccountID}) }

// Tell has every merge end with a call of tell, which only borrows what it is
// given. It must be called before the first merge.
func (l *Ledger) Tell(tell func(News)) { l.tell = tell }

package stops

import "slices"

// accountNames maps an account's id to what people call it. Servers before
// 2.11 report only the id in operator mode (design D7), so a name learnt from
// one server serves for all.
type accountNames map[string]string

func (n accountNames) learn(c *Connection) (learnt bool) {
	if c.Account == c.AccountID || n[c.AccountID] == c.Account {
		return false
	}
	n[c.AccountID] = c.Account
	return true
}

func (n accountNames) apply(c *Connection) {
	if name, known := n[c.AccountID]; known {
		c.Account = name
	}
}

func (l *Ledger) renameAccounts(readings []Reading) {
	learnt := false
	for _, reading := range readings {
		for i := range reading.Closed {
			learnt = l.accounts.learn(&reading.Closed[i].Connection) || learnt
		}
		for i := range reading.Open {
			learnt = l.accounts.learn(&reading.Open[i]) || learnt
		}
	}
	for _, reading := range readings {
		for i := range reading.Closed {
			l.accounts.apply(&reading.Closed[i].Connection)
		}
		for i := range reading.Open {
			l.accounts.apply(&reading.Open[i])
		}
	}
	if !learnt {
		return
	}
	for _, h := range l.histories {
		// Snapshots read the old slice without a lock.
		h.kept = slices.Clone(h.kept)
		for i := range h.kept {
			l.accounts.apply(&h.kept[i].Connection)
		}
	}
}

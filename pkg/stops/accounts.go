package stops

// accountNames maps an account's id to what people call it. Servers before
// 2.11 report only the id in operator mode (design D7), so a name learnt from
// one server serves for all.
type accountNames map[string]string

func (n accountNames) learn(c *Connection) {
	if c.Account != c.AccountID {
		n[c.AccountID] = c.Account
	}
}

func (n accountNames) of(a account) string {
	if name, known := n[a.id]; known {
		return name
	}
	return a.reported
}

func (l *Ledger) learnAccounts(readings []Reading) {
	for _, reading := range readings {
		for i := range reading.Closed {
			l.accounts.learn(&reading.Closed[i].Connection)
		}
		for i := range reading.Open {
			l.accounts.learn(&reading.Open[i])
		}
	}
}

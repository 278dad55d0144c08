package ledger

import (
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// accountNames maps an account's id to what people call it. Servers before
// 2.11 report only the id in operator mode (decision D7), so a name learnt from
// one server serves for all.
type accountNames map[string]string

func (n accountNames) learn(c *model.Connection) {
	if c.Account != c.AccountID {
		n[c.AccountID] = c.Account
	}
}

func (n accountNames) of(a store.Account) string {
	if name, known := n[a.ID]; known {
		return name
	}
	return a.Reported
}

func (l *Ledger) learnAccounts(readings []model.Reading) {
	for _, reading := range readings {
		for i := range reading.Closed {
			l.accounts.learn(&reading.Closed[i].Connection)
		}
		for i := range reading.Open {
			l.accounts.learn(&reading.Open[i])
		}
	}
}

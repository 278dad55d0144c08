package decode

import (
	"golang.org/x/mod/semver"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// redacted is what servers that hide tokens show instead (nats-server.md#answers-hold-secrets).
const redacted = "[REDACTED]"

// rules are what a field means on one server, by its version.
type rules struct {
	serverID string
	// nameTagIsAccount: name_tag holds the account's name, before 2.11.0 the user's.
	nameTagIsAccount bool
	// userMayBeToken: authorized_user of who logged in with a token is that
	// token, before 2.10.28 and 2.11.2.
	userMayBeToken bool
}

func rulesFor(server model.Server) rules {
	// An unreadable version compares as the oldest: the safe side for tokens.
	v := "v" + server.Version
	return rules{
		serverID:         server.ID,
		nameTagIsAccount: semver.Compare(v, "v2.11.0") >= 0,
		userMayBeToken: semver.Compare(v, "v2.10.28") < 0 ||
			semver.Compare(v, "v2.11.0-0") >= 0 && semver.Compare(v, "v2.11.2") < 0,
	}
}

// apply turns what the wire says of c into what it means.
func (r rules) apply(c *model.Connection, nameTag string) {
	c.ServerID = r.serverID
	// Servers leave the global account out of closed records (nats-server.md#the-global-account-is-left-out).
	if c.Account == "" {
		c.Account = model.GlobalAccount
	}
	c.AccountID = c.Account
	if r.nameTagIsAccount && nameTag != "" {
		c.Account = nameTag
	}
	// Token authentication puts clients into the global account. A user name
	// cannot be told from a token there, so both are hidden.
	if r.userMayBeToken && c.User != "" && c.AccountID == model.GlobalAccount {
		c.User = redacted
	}
}

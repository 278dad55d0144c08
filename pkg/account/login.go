package account

import "github.com/natsops/nats-connections-datasource/pkg/model"

// NeverLoggedIn reports whether a connection that its server counts in the global
// account is of somebody who never got in (decision D7): who said nothing of
// himself, or was refused at the door.
func NeverLoggedIn(c *model.Connection, refused bool) bool {
	return c.Account == model.GlobalAccount && (refused || !c.Identified())
}

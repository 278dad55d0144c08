package facts

import (
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Open are the connections that are open now, by whose they are.
type Open struct {
	// Connections are all of them.
	Connections []model.Connection

	apps         map[owner]*Many
	byApp, users map[string]Many
	servers      map[string]int64
}

type owner struct{ account, app string }

// Many is what several open connections have in common.
type Many struct {
	Connections int64
	// Pending is queued for all of them.
	Pending int64
	// Newest is when the newest began.
	Newest time.Time
}

func (m *Many) add(c *model.Connection) {
	m.Connections++
	m.Pending += c.PendingBytes
	if c.Start.After(m.Newest) {
		m.Newest = c.Start
	}
}

func newOpen(all []model.Connection) Open {
	open := Open{Connections: all, apps: map[owner]*Many{}, byApp: map[string]Many{}, users: map[string]Many{}, servers: map[string]int64{}}
	users := map[string]*Many{}
	for i := range all {
		c := &all[i]
		open.servers[c.Server]++
		if c.Account == model.NotLoggedIn {
			continue
		}
		within(open.apps, owner{c.Account, c.App}).add(c)
		within(users, c.User).add(c)
	}
	for key, many := range open.apps {
		sum := open.byApp[key.app]
		sum.Connections += many.Connections
		sum.Pending += many.Pending
		if many.Newest.After(sum.Newest) {
			sum.Newest = many.Newest
		}
		open.byApp[key.app] = sum
	}
	for user, many := range users {
		open.users[user] = *many
	}
	return open
}

func within[K comparable](all map[K]*Many, key K) *Many {
	if all[key] == nil {
		all[key] = &Many{}
	}
	return all[key]
}

// OnServer is how many connections a server has, by its label.
func (o *Open) OnServer(label string) int64 { return o.servers[label] }

// Of is what is open of an app; nothing of one without open connections.
func (o *Open) Of(account, app string) Many {
	if found := o.apps[owner{account, app}]; found != nil {
		return *found
	}
	return Many{}
}

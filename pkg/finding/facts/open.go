package facts

import (
	"sync"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Open are the connections that are open now, by whose they are.
type Open struct {
	// Connections are all of them.
	Connections []model.Connection
	// Nameless are those of clients without a name, Waiting those for which bytes
	// wait, in the same order.
	Nameless, Waiting []*model.Connection
	// Libraries are those that clients use.
	Libraries []Library

	apps         map[owner]*Many
	byApp, users map[string]*Many
	// byName are those of each name, put together once somebody asks.
	byName func() map[string][]*model.Connection
	// where is at which servers apps and users are in, found out once somebody asks.
	where func() whereIn
}

// whereIn is when the newest connection of each app and each user began at each server.
type whereIn struct{ apps, users map[string]map[string]int64 }

func newWhereIn(all []model.Connection) whereIn {
	in := whereIn{map[string]map[string]int64{}, map[string]map[string]int64{}}
	note := func(of map[string]map[string]int64, key string, c *model.Connection) {
		servers := of[key]
		if servers == nil {
			servers = map[string]int64{}
			of[key] = servers
		}
		servers[c.Server] = max(servers[c.Server], model.Nanos(c.Start))
	}
	for i := range all {
		if c := &all[i]; c.Account != model.NotLoggedIn {
			note(in.apps, c.App, c)
			note(in.users, c.User, c)
		}
	}
	return in
}

type owner struct{ account, app string }

// Library is one that clients use.
type Library struct{ Lang, Version string }

// LibraryOf is what an open connection's client uses.
func LibraryOf(c *model.Connection) Library { return Library{c.Lang, c.Version} }

// Many is what several open connections have in common.
type Many struct {
	Connections int64
	// Pending is queued for all of them.
	Pending int64
	// Oldest and Newest are when the oldest and the newest began.
	Oldest, Newest time.Time
}

func (m *Many) add(other Many) {
	if m.Connections == 0 || other.Oldest.Before(m.Oldest) {
		m.Oldest = other.Oldest
	}
	if other.Newest.After(m.Newest) {
		m.Newest = other.Newest
	}
	m.Connections += other.Connections
	m.Pending += other.Pending
}

func newOpen(all []model.Connection) Open {
	open := Open{
		Connections: all, apps: map[owner]*Many{}, byApp: map[string]*Many{}, users: map[string]*Many{},
	}
	open.byName = sync.OnceValue(func() map[string][]*model.Connection {
		named := map[string][]*model.Connection{}
		for i := range all {
			named[all[i].Name] = append(named[all[i].Name], &all[i])
		}
		return named
	})
	open.where = sync.OnceValue(func() whereIn { return newWhereIn(all) })
	libraries := map[Library]bool{}
	var last Library
	for i := range all {
		c := &all[i]
		if c.Kind != model.KindLeafnode {
			if c.Name == "" {
				open.Nameless = append(open.Nameless, c)
			}
			if c.PendingBytes > 0 {
				open.Waiting = append(open.Waiting, c)
			}
			if of := LibraryOf(c); of != last && !libraries[of] {
				libraries[of], last = true, of
				open.Libraries = append(open.Libraries, of)
			}
		}
		if c.Account == model.NotLoggedIn {
			continue
		}
		one := Many{1, c.PendingBytes, c.Start, c.Start}
		within(open.apps, owner{c.Account, c.App}).add(one)
		within(open.users, c.User).add(one)
	}
	for key, many := range open.apps {
		within(open.byApp, key.app).add(*many)
	}
	return open
}

func within[K comparable](all map[K]*Many, key K) *Many {
	one := all[key]
	if one == nil {
		one = &Many{}
		all[key] = one
	}
	return one
}

// of is what is open of a key; nothing of one without open connections.
func of[K comparable](all map[K]*Many, key K) Many {
	if one := all[key]; one != nil {
		return *one
	}
	return Many{}
}

// Of is what is open of an app; nothing of one without open connections.
func (o *Open) Of(account, app string) Many { return of(o.apps, owner{account, app}) }

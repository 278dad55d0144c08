package account

import (
	"maps"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// Names maps an account's id to what people call it. Servers before
// 2.11 report only the id in operator mode (decision D7), so a name learnt from
// one server serves for all. It is never changed, but replaced.
type Names struct {
	names  map[string]sighting
	labels map[string]string
}

// sighting is a name, and when it was last seen.
type sighting struct {
	name string
	at   time.Time
}

// Of is what people call an account.
func (n Names) Of(a store.Account) string {
	if label, known := n.labels[a.ID]; known {
		return label
	}
	return a.Reported
}

// Learn is what is known after some readings: an account that was renamed has
// the name that its newest record tells.
func (n Names) Learn(readings []model.Reading) Names {
	fresh := map[string]sighting{}
	see := func(c *model.Connection, at time.Time) {
		if c.Account != c.AccountID && c.AccountID != model.GlobalAccount && !at.Before(fresh[c.AccountID].at) {
			fresh[c.AccountID] = sighting{c.Account, at}
		}
	}
	for _, reading := range readings {
		for i := range reading.Closed {
			see(&reading.Closed[i].Connection, reading.Closed[i].At)
		}
		for i := range reading.Open {
			see(&reading.Open[i], reading.Server.Now)
		}
	}
	maps.DeleteFunc(fresh, func(id string, seen sighting) bool {
		before, known := n.names[id]
		return known && (seen.at.Before(before.at) || seen == before)
	})
	if len(fresh) == 0 {
		return n
	}
	names := map[string]sighting{}
	maps.Copy(names, n.names)
	maps.Copy(names, fresh)
	return Names{names, labelled(names)}
}

// labelled tells accounts of one name apart by the beginning of their ids.
func labelled(names map[string]sighting) map[string]string {
	byName := map[string][]string{}
	for id, of := range names {
		byName[of.name] = append(byName[of.name], id)
	}
	labels := make(map[string]string, len(names))
	for name, ids := range byName {
		if len(ids) == 1 {
			labels[ids[0]] = name
			continue
		}
		for _, id := range ids {
			labels[id] = name + " (" + shortest(id, ids) + ")"
		}
	}
	return labels
}

// shortID is how much of an id tells it from others, at a glance.
const shortID = 5

// shortest is as much of an id as tells it from the others, and a few letters at least.
func shortest(id string, among []string) string {
	for length := shortID; length < len(id); length++ {
		if !slices.ContainsFunc(among, func(other string) bool {
			return other != id && len(other) >= length && other[:length] == id[:length]
		}) {
			return id[:length] + "…"
		}
	}
	return id
}

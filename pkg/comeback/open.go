package comeback

import (
	"math"
	"slices"
	"strings"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// listing is a read of the open connections.
type listing struct {
	open []model.Connection
	// listed: some server told. complete: all that are known of did, and nothing
	// could not be read.
	listed, complete bool
	// made is when the oldest of the lists was.
	made int64
	// ended are connections that stopped about when the lists were made: a server
	// that is closing one may still list it.
	ended map[connection]bool
}

// connection is who a connection is (decision D4).
type connection struct {
	server string
	cid    uint64
}

func newListing(s ledger.Snapshot) listing {
	l := listing{open: s.Open, complete: true, made: math.MaxInt64, ended: map[connection]bool{}}
	for _, state := range s.Servers {
		if !state.Answered {
			l.complete = false
			continue
		}
		l.complete = l.complete && state.Unlisted == 0 && len(state.Beside) == 0
		l.listed, l.made = true, min(l.made, model.Nanos(state.OpenAt))
		for _, flaw := range state.Flaws {
			l.complete = l.complete && flaw.Field != ""
		}
	}
	return l
}

// knows reports whether who stopped then would be listed, had it come back.
func (l *listing) knows(at int64) bool { return l.listed && l.complete && at <= l.made }

// isOpen reports whether a listed connection was not known to have stopped.
func (l *listing) isOpen(c *model.Connection) bool { return !l.ended[connection{c.ServerID, c.CID}] }

// count counts the open connections of each group: those that are its own by what
// a client keeps when it comes back, wherever that may be.
func (l *listing) count(groups []engine.Group, where []fields.Condition) {
	byLabels := map[string][]*engine.Presence{}
	kinds := map[string][]fields.Key{}
	for i := range groups {
		if groups[i].Presence == nil {
			continue
		}
		keys, path := lasting(groups[i].Labels)
		kinds[pathOf(keys)] = keys
		byLabels[path] = append(byLabels[path], groups[i].Presence)
	}
	where = ofOpen(where)
	for i := range l.open {
		c := &l.open[i]
		if !l.isOpen(c) || !admitted(c, where) {
			continue
		}
		for _, keys := range kinds {
			for _, p := range byLabels[pathOfConnection(c, keys)] {
				p.Open++
				if c.Start.After(p.Since) {
					p.Since = c.Start
				}
			}
		}
	}
}

// lasting are the keys of a group by which its open connections are found, and
// their values. Who was refused may be of any account.
func lasting(labels []engine.Label) (keys []fields.Key, path string) {
	values := []string{}
	for _, label := range labels {
		refused := label.Key == fields.KeyAccount && label.Value == model.NotLoggedIn
		if fields.Of(label.Key).Lasting && !refused {
			keys, values = append(keys, label.Key), append(values, string(label.Key), label.Value)
		}
	}
	return keys, strings.Join(values, "\x00")
}

func pathOf(keys []fields.Key) string {
	texts := make([]string, len(keys))
	for i, key := range keys {
		texts[i] = string(key)
	}
	return strings.Join(texts, "\x00")
}

func pathOfConnection(c *model.Connection, keys []fields.Key) string {
	values := make([]string, 0, 2*len(keys))
	for _, key := range keys {
		values = append(values, string(key), fields.OfConnection(c, key))
	}
	return strings.Join(values, "\x00")
}

// ofOpen are the conditions that are about what a client keeps when it comes back.
func ofOpen(where []fields.Condition) []fields.Condition {
	return slices.DeleteFunc(slices.Clone(where), func(c fields.Condition) bool {
		return !fields.Of(c.Key).Lasting || c.Key == fields.KeyAccount && slices.Contains(c.Named, model.NotLoggedIn)
	})
}

func admitted(c *model.Connection, where []fields.Condition) bool {
	return !slices.ContainsFunc(where, func(condition fields.Condition) bool {
		return !condition.Match(fields.OfConnection(c, condition.Key))
	})
}

package comeback

import (
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/restart"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

const (
	clientClosed  = "Client Closed"
	writeDeadline = "Slow Consumer (Write Deadline)"
)

// Who comes back. A client is in one connection at a time, so what follows a stop
// is a connection of the same client that began after the stopped one was last
// heard of: a server may take minutes to notice what its client knew at once. As
// many connections follow as stops: two of three that share a name and stopped
// are back when two began. Where names are per pod, a name that was never met
// before stands in for one of its app and user that did not come back.

// Groups sums and cuts the selected stops of s by the keys, and says of each group
// what became of its clients by what open tells, too: a read of open connections,
// which may be of another moment. Who went with one of the restarts was sent away.
func Groups(
	s, open ledger.Snapshot, restarts []restart.Event, selection engine.Selection, keys []fields.Key, limit engine.Limit,
) (groups []engine.Group, folded int) {
	names := newNames(&s)
	type place struct{ group, kept, row int }
	var places []place
	groups, folded = engine.Walk(s, selection, keys, limit, func(group, kept, row int) { places = append(places, place{group, kept, row}) })
	left := make([]departure, len(places))
	for i, at := range places {
		left[i] = names.departed(at.group, at.kept, at.row)
		if names.wasThere(&left[i], restarts) {
			left[i].listed = left[i].at
		}
	}
	list := newListing(open)
	for i := range groups {
		if !groups[i].Folded {
			groups[i].Presence = &engine.Presence{Listed: list.listed}
		}
	}
	for i := range left {
		p := groups[left[i].group].Presence
		if at := model.Moment(left[i].at); p.First.IsZero() || at.Before(p.First) {
			p.First = at
		}
	}
	if len(left) > 0 {
		names.settle(left, &list)
		judge(left, arrivalsOf(names, left, &list), counting{groups, &list})
	}
	list.count(groups, selection.Where)
	return groups, folded
}

// wasThere reports whether who stopped was there until then: its server decided it,
// rather than noticing late that nobody is there, and it did not make way for
// another by itself. Who came before that does not stand in for it, however long it
// had been idle.
func (n *names) wasThere(d *departure, restarts []restart.Event) bool {
	kept := n.s.Kept[d.kept]
	why := reason.Lookup(n.s.Symbols.Reasons[kept.Table.Get(d.row).ID(store.ColumnReason)])
	switch {
	case why.Category == reason.CategoryNetwork, why.Category == reason.CategoryTimeout, why.Text == writeDeadline:
		return false
	case why.Category == reason.CategoryClient, why.Category == reason.CategoryUnknown:
		at := model.Moment(d.at)
		return slices.ContainsFunc(restarts, func(e restart.Event) bool { return e.Has(kept.ServerID, at) })
	}
	return true
}

// counting sums what became of the departures by group.
type counting struct {
	groups []engine.Group
	list   *listing
}

func (c counting) back(d *departure, _ int64) { c.groups[d.group].Presence.Instances++ }

func (c counting) again(*departure, int64) {}

func (c counting) alone(d *departure) {
	p := c.groups[d.group].Presence
	p.Instances++
	if c.list.knows(d.at) {
		p.Gone++
	} else {
		p.Unclear++
	}
}

package comeback

import (
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// Who comes back. A client is in one connection at a time, so what follows a stop
// is a connection of the same client that began after the stopped one was last
// heard of: a server may take minutes to notice what its client knew at once. As
// many connections follow as stops: two of three that share a name and stopped
// are back when two began. Where names are per pod, a name that was never met
// before stands in for one of its app and user that did not come back.

// apart is how much two servers' clocks may differ after what is known to be wrong
// with them was taken out (decision D11).
const apart = 4 * time.Second

// Groups sums and cuts the selected stops of s by the keys, and says of each group
// what became of its clients by what open tells, too: a read of open connections,
// which may be of another moment.
func Groups(s, open ledger.Snapshot, selection engine.Selection, keys []fields.Key, limit engine.Limit) (groups []engine.Group, folded int) {
	names := newNames(&s)
	var left []departure
	groups, folded = engine.Walk(s, selection, keys, limit, func(group, kept, row int) {
		one := s.Kept[kept].Table.Get(row)
		left = append(left, departure{
			group: group, kept: kept, row: row, who: names.whose(one), after: nextAfter(one), at: one.At(),
		})
	})
	list := newListing(open)
	for i := range groups {
		if !groups[i].Folded {
			groups[i].Presence = &engine.Presence{Listed: list.listed}
		}
	}
	for _, d := range left {
		p := groups[d.group].Presence
		if at := model.Moment(d.at); p.First.IsZero() || at.Before(p.First) {
			p.First = at
		}
	}
	if len(left) > 0 {
		names.settle(left, &list)
		judge(left, arrivalsOf(names, left, &list), groups, &list)
	}
	list.count(groups, selection.Where)
	return groups, folded
}

// nextAfter is when a connection that follows the stopped one began at the earliest.
func nextAfter(one store.Row) int64 {
	start, heard := one.Lifetime()
	last := one.At()
	if !heard.IsZero() {
		last = min(last, model.Nanos(heard))
	}
	after := last - int64(apart)
	if !start.IsZero() {
		// Nothing follows itself.
		after = max(after, model.Nanos(start)+1)
	}
	return after
}

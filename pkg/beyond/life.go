package beyond

import (
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/history/block"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
)

// life is what blocks of one server process tell of its coverage.
type life struct {
	id, name, cluster, place string
	start                    time.Time
	// since is since when its first writer knew all, of which evicted had left the ring.
	// Before the first block there were earlier records; met is when its writer looked, oldest
	// its oldest record or else met.
	since       time.Time
	evicted     int64
	earlier     int64
	met, oldest time.Time
	// written is how many records there are until the end, of which the last writer has not
	// seen unseen; newest is the newest of the last block, until since when nothing more is told.
	written, unseen int64
	newest, until   time.Time
	// dropped is since when the first block tells of gaps.
	dropped     time.Time
	gaps, lacks []books.Gap
	// regained is how many records came after all that are missing in none of the lacks.
	regained int64
}

// lifeOf is what one block tells.
func lifeOf(b *block.Block) life {
	l := life{
		id: b.Server.ID, name: b.Server.Name, cluster: b.Server.Cluster, place: b.Place, start: b.Server.Start,
		since: b.Server.Start, evicted: b.Evicted, earlier: b.Written - int64(len(b.Stops)), met: b.Server.Now, oldest: b.Server.Now,
		written: b.Written, unseen: b.Unseen(), newest: b.Server.Now, until: b.Server.Now, dropped: b.Dropped, gaps: b.Gaps,
	}
	// Whatever its writer forgot since then, the blocks have it.
	if b.Evicted > 0 || b.Server.Uncounted {
		l.since = b.OldestAtFirst
	}
	if l.since.IsZero() {
		l.since = b.FirstReadAt
	}
	if n := len(b.Stops); n > 0 {
		l.oldest, l.newest = b.Stops[n-1].At, b.Stops[0].At
	}
	return l
}

// then adds what later blocks tell. Whoever wrote them had forgotten the gaps that
// ended before their oldest record, and knew better of the others.
func (l *life) then(next life) {
	l.lack(next.earlier-l.written, next.met)
	l.lack(-next.regained, next.met)
	var kept []books.Gap
	for _, gap := range l.gaps {
		if gap.To.Before(next.dropped) && !slices.Contains(next.gaps, gap) {
			kept = append(kept, gap)
		}
	}
	l.gaps, l.lacks = slices.Concat(kept, next.gaps), append(l.lacks, next.lacks...)
	l.written, l.unseen, l.newest, l.until, l.start = next.written, next.unseen, next.newest, latest(next.until, l.until), next.start
}

// lack notes that so many records are missing between the newest and a time, or came after
// all if that is less than 0.
func (l *life) lack(missing int64, until time.Time) {
	missing -= l.regained
	l.regained = max(-missing-books.Lost(l.lacks), 0)
	if missing > 0 {
		l.lacks = append(l.lacks, books.Gap{From: l.newest, To: latest(until, l.newest), Lost: missing, History: true})
		return
	}
	l.lacks = books.Forgive(l.lacks, -missing)
}

// begin is since when its records are complete, and how many had left the ring before.
func (l *life) begin() (since time.Time, evicted int64) {
	if l.earlier > 0 {
		return l.oldest, 0
	}
	return l.since, l.evicted
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func soonest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

package beyond

import (
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
)

// Servers are those of the snapshot, with the coverage that they have with what was
// read beyond it, of a range that begins at a time.
func (a *Asked) Servers(from time.Time) []ledger.ServerState {
	servers := slices.Clone(a.snapshot.Servers)
	byLabel := map[string][]*life{}
	for _, l := range a.lives() {
		label := a.label(l)
		byLabel[label] = append(byLabel[label], l)
	}
	beginning := len(a.visited) > 0 && a.visited[len(a.visited)-1].first <= a.extent.First
	for i := range servers {
		s := &servers[i]
		lives := byLabel[s.Label]
		if len(lives) == 0 {
			continue
		}
		slices.SortStableFunc(lives, func(x, y *life) int { return x.start.Compare(y.start) })
		if first := lives[0]; !beginning && first.earlier > 0 {
			// What was before is older than anything that was asked for.
			first.earlier, first.since, first.evicted = 0, soonest(from, first.oldest), 0
		}
		s.Coverage = covered(s.Coverage, lives, s.Server.Start)
		if !a.state.Whole() {
			// How far it is read is told once for all.
			s.Coverage.Since, s.Coverage.EvictedBefore = time.Time{}, 0
		}
	}
	return servers
}

// lives are those of the server processes that were met, in the order in which they were.
func (a *Asked) lives() []*life {
	var all []*life
	byID := map[string]*life{}
	for _, c := range slices.Backward(a.visited) {
		for i := range c.parts {
			next := c.parts[i].life
			if l := byID[next.id]; l != nil {
				l.then(next)
				continue
			}
			next.gaps, next.lacks = slices.Clone(next.gaps), slices.Clone(next.lacks)
			byID[next.id] = &next
			all = append(all, &next)
		}
	}
	return all
}

// covered is the coverage of a server of which memory knows some and the stream more:
// its processes one after the other. The last of them began at a time.
func covered(memory ledger.Coverage, lives []*life, began time.Time) ledger.Coverage {
	since, evicted := lives[0].begin()
	if !memory.Since.IsZero() && !since.Before(memory.Since) {
		return memory
	}
	whole := memory
	whole.Since, whole.EvictedBefore, whole.Gaps = since, evicted, nil
	until := since
	for i, l := range lives {
		own := slices.Concat(l.gaps, books.Forgive(l.lacks, l.unseen))
		if begin, lost := l.begin(); i > 0 && !hasRestart(own, begin) {
			own = append(own, books.Gap{From: soonest(until, begin), To: begin, Restart: true, Lost: lost})
		}
		for _, gap := range own {
			// Memory knows better of its own time.
			if memory.Since.IsZero() || gap.To.Before(memory.Since) {
				whole.Gaps = append(whole.Gaps, gap)
			}
		}
		until = latest(until, l.until)
	}
	if until.Add(margin).Before(memory.Since) && !hasRestart(memory.Gaps, memory.Since) {
		restarted := memory.Since.Equal(began)
		whole.Gaps = append(whole.Gaps, books.Gap{From: until, To: memory.Since, Restart: restarted, History: !restarted})
	}
	whole.Gaps = append(whole.Gaps, memory.Gaps...)
	slices.SortStableFunc(whole.Gaps, func(x, y books.Gap) int { return x.From.Compare(y.From) })
	if oldest := lives[0].oldest; whole.Oldest.IsZero() || oldest.Before(whole.Oldest) {
		whole.Oldest = oldest
	}
	return whole
}

// hasRestart reports whether one of the gaps is a restart until about a time.
func hasRestart(gaps []books.Gap, until time.Time) bool {
	return slices.ContainsFunc(gaps, func(g books.Gap) bool {
		return g.Restart && !g.To.After(until.Add(margin))
	})
}

package comeback

import (
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// owner is an app of an account.
type owner struct{ account, app uint32 }

func ownerOf(d *departure) owner { return owner{d.who.account, d.app} }

// comeAndGo are the apps of those who are missing whose clients also stop without
// a server's doing and stay away, or come back much later: jobs, laptops, pods that
// are removed when there is less to do. It tells how many do within an hour at most.
func (n *names) comeAndGo(missing, left, unrecorded []departure, list *listing, h habits) map[owner]int {
	asked, told := map[owner]bool{}, map[[2]int]bool{}
	// apps spare most records a look into a map; none is of an app that only open
	// connections are of.
	apps := make([]bool, len(n.apps.Values))
	for i := range missing {
		d := &missing[i]
		asked[ownerOf(d)] = true
		if int(d.app) < len(apps) {
			apps[d.app] = true
		}
	}
	for _, d := range left {
		told[[2]int{d.kept, d.row}] = true
	}
	var others []departure
	for number, kept := range n.s.Kept {
		row := -1
		for part := range kept.Table.Spans(0, kept.Table.Len()) {
			for i := part.From; i < part.To; i++ {
				row++
				app := n.apps.Codes[part.IDs[store.ColumnName][i]]
				if !apps[app] || !asked[owner{n.accounts.Codes[part.IDs[store.ColumnAccount][i]], app}] {
					continue
				}
				if !told[[2]int{number, row}] && n.isClient(part.Row(i)) {
					others = append(others, n.departed(0, number, row))
				}
			}
		}
	}
	if len(others) > 0 {
		for i := range unrecorded {
			unrecorded[i].group = nowhere
		}
		judge(others, arrivalsOf(n, others, list, unrecorded...), h)
	}
	most := make(map[owner]int, len(h.going))
	for who, times := range h.going {
		most[who] = busiestHour(times)
	}
	return most
}

func busiestHour(times []int64) (most int) {
	slices.Sort(times)
	from := 0
	for to := range times {
		for times[to]-times[from] >= int64(time.Hour) {
			from++
		}
		most = max(most, to-from+1)
	}
	return most
}

// habits notes when whose clients left that stayed away.
type habits struct {
	away, until int64
	going       map[owner][]int64
}

func habitsOf(until, listed int64, away time.Duration) habits {
	return habits{away: int64(away), until: min(until, listed-int64(away)), going: map[owner][]int64{}}
}

func (h habits) note(d *departure) { h.going[ownerOf(d)] = append(h.going[ownerOf(d)], d.at) }

func (h habits) back(d *departure, at int64) {
	if at-d.at > h.away {
		h.note(d)
	}
}

func (h habits) again(d *departure, at int64) { h.back(d, at) }

func (h habits) alone(d *departure) {
	if d.at <= h.until {
		h.note(d)
	}
}

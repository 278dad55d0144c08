package facts

import (
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// Crowd are the connections of an app that had got in and stopped, in the order of the
// minutes in which they did, for counting whose they were. It is for one goroutine.
type Crowd struct {
	stops []crowdStop
	// minutes are those in which some stopped, in order; begins are where each of them
	// begins, and the end.
	minutes []int64
	begins  []int
	// names and addresses are counted of the stops from one place to another: whoever
	// asks about one span after the other has each stop counted once.
	names, addresses tally
	marked, from, to int
}

// crowdStop is a stop, with numbers of its minute, name and address that no other app has.
type crowdStop struct {
	minute   int64
	name, ip uint32
	marked   bool
}

// tally counts how many numbers there are, of those that come and go.
type tally struct {
	counts   []int32
	distinct int
}

func (t *tally) add(number uint32) {
	if t.counts[number]++; t.counts[number] == 1 {
		t.distinct++
	}
}

func (t *tally) remove(number uint32) {
	if t.counts[number]--; t.counts[number] == 0 {
		t.distinct--
	}
}

// Crowds are those of apps, and mark the stops of server processes since a time. All
// records are passed over once, for however many apps.
func (f *Facts) Crowds(apps []*App, since map[string]int64) []*Crowd {
	crowds := make([]*Crowd, len(apps))
	if len(apps) == 0 {
		return crowds
	}
	type place struct {
		account uint32
		crowd   *Crowd
	}
	byApp := make([][]place, len(f.app.values))
	for i, app := range apps {
		stopped := 0
		for _, m := range app.Minutes {
			stopped += int(m.Stopped)
		}
		crowds[i] = &Crowd{stops: make([]crowdStop, 0, stopped)}
		byApp[app.app] = append(byApp[app.app], place{app.account, crowds[i]})
	}
	for _, k := range f.kept {
		begins, marks := since[k.ServerID]
		for part := range k.Table.Spans(0, k.Table.Len()) {
			for i := part.From; i < part.To; i++ {
				name, at := part.IDs[store.ColumnName][i], part.At[i]
				places := byApp[f.app.code(name)]
				if len(places) == 0 {
					continue
				}
				account := f.account.code(part.IDs[store.ColumnAccount][i])
				for _, of := range places {
					if of.account == account && f.gotIn(&f.reasons[part.IDs[store.ColumnReason][i]], account) {
						of.crowd.stops = append(of.crowd.stops, crowdStop{at / minute, name, part.IDs[store.ColumnIP][i], marks && at >= begins})
					}
				}
			}
		}
	}
	names, addresses := make([]uint32, len(f.symbols.Names)), make([]uint32, len(f.symbols.IPs))
	for _, crowd := range crowds {
		crowd.arrange(names, addresses)
	}
	return crowds
}

// arrange puts the stops of several servers in order, and numbers their names and
// addresses from 0 on. The lists have room for those of all, and are left at zero.
func (c *Crowd) arrange(names, addresses []uint32) {
	if len(c.stops) == 0 {
		return
	}
	c.divide()
	free, sorted := append([]int(nil), c.begins...), make([]crowdStop, len(c.stops))
	var seenNames, seenAddresses []uint32
	number := func(numbers []uint32, of uint32, seen *[]uint32) uint32 {
		if numbers[of] == 0 {
			*seen = append(*seen, of)
			numbers[of] = uint32(len(*seen))
		}
		return numbers[of] - 1
	}
	for _, s := range c.stops {
		s.name, s.ip = number(names, s.name, &seenNames), number(addresses, s.ip, &seenAddresses)
		place := &free[s.minute]
		sorted[*place] = s
		*place++
	}
	for _, of := range seenNames {
		names[of] = 0
	}
	for _, of := range seenAddresses {
		addresses[of] = 0
	}
	c.stops = sorted
	c.names.counts, c.addresses.counts = make([]int32, len(seenNames)), make([]int32, len(seenAddresses))
}

// divide finds out in which minutes some stopped, and numbers those of the stops from 0
// on: a clock that was set leaves decades without any.
func (c *Crowd) divide() {
	for i := range c.stops {
		if n := len(c.minutes); n == 0 || c.minutes[n-1] != c.stops[i].minute {
			c.minutes = append(c.minutes, c.stops[i].minute)
		}
	}
	slices.Sort(c.minutes)
	c.minutes = slices.Compact(c.minutes)
	c.begins = make([]int, len(c.minutes)+1)
	last := 0
	for i := range c.stops {
		s := &c.stops[i]
		if c.minutes[last] != s.minute {
			last, _ = slices.BinarySearch(c.minutes, s.minute)
		}
		s.minute = int64(last)
		c.begins[last+1]++
	}
	for i := 1; i < len(c.begins); i++ {
		c.begins[i] += c.begins[i-1]
	}
}

// Between counts the names, the addresses and what is marked of what stopped from one
// minute to another, these included.
func (c *Crowd) Between(from, to int64) (names, addresses, marked int) {
	begin, end := c.place(from), c.place(to+1)
	if begin < c.from || end < c.to || begin > c.to {
		c.move(c.to, c.to)
		c.from, c.to = begin, begin
	}
	c.move(begin, end)
	return c.names.distinct, c.addresses.distinct, c.marked
}

// place is where a minute begins, or the next in which some stopped.
func (c *Crowd) place(number int64) int {
	if len(c.begins) == 0 {
		return 0
	}
	at, _ := slices.BinarySearch(c.minutes, number)
	return c.begins[at]
}

// move counts on to a span that begins and ends later.
func (c *Crowd) move(begin, end int) {
	for ; c.to < end; c.to++ {
		c.count(&c.stops[c.to], 1)
	}
	for ; c.from < begin; c.from++ {
		c.count(&c.stops[c.from], -1)
	}
}

func (c *Crowd) count(s *crowdStop, by int) {
	change := (*tally).add
	if by < 0 {
		change = (*tally).remove
	}
	change(&c.names, s.name)
	change(&c.addresses, s.ip)
	if s.marked {
		c.marked += by
	}
}

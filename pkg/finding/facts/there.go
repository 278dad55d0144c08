package facts

import (
	"math"
	"slices"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// Whereabouts tell connections apart by where they are: by the numbers of stops, and by
// what these stand for.
type Whereabouts struct {
	record func(*Facts, *store.Span, int) uint64
	text   func(*Facts, uint64) string
	open   func(*model.Connection) string
}

// Connections are at a server, from an address, of an app, or there at all.
var (
	AtServer = Whereabouts{
		func(f *Facts, s *store.Span, i int) uint64 {
			return uint64(f.servers.code(s.IDs[store.ColumnProfile][i]))
		},
		func(f *Facts, number uint64) string { return f.servers.values[number] },
		func(c *model.Connection) string { return c.Server },
	}
	FromAddress = Whereabouts{
		func(_ *Facts, s *store.Span, i int) uint64 { return uint64(s.IDs[store.ColumnIP][i]) },
		func(f *Facts, number uint64) string { return f.symbols.IPs[number] },
		func(c *model.Connection) string { return c.IP },
	}
	OfApp = Whereabouts{
		func(f *Facts, s *store.Span, i int) uint64 {
			return appOf(f.account.code(s.IDs[store.ColumnAccount][i]), f.app.code(s.IDs[store.ColumnName][i]))
		},
		func(f *Facts, number uint64) string {
			return f.account.values[number>>32] + "\x00" + f.app.values[uint32(number)]
		},
		func(c *model.Connection) string { return c.Account + "\x00" + c.App },
	}
	Anywhere = Whereabouts{
		func(*Facts, *store.Span, int) uint64 { return 0 },
		func(*Facts, uint64) string { return "" },
		func(*model.Connection) string { return "" },
	}
)

func appOf(account, app uint32) uint64 { return uint64(account)<<32 | uint64(app) }

// OfApp is the number of the stop's app, for [OfApp].
func (s *Stop) OfApp() uint64 { return appOf(s.Account, s.App) }

// Moment is a time in nanoseconds, what of the whereabouts it is about, and how many
// connections make the difference.
type Moment struct {
	Of   uint64
	At   int64
	Most int64
}

// MoreThere tells of each moment whether more connections were there than its most:
// those that are open now count, and those that stopped since. All records are passed
// over once, for whatever many moments, and only until all are known: in a large system
// those that are open tell of most.
func (f *Facts) MoreThere(where Whereabouts, moments []Moment) []bool {
	c := &count{moments: moments, counts: make([]int64, len(moments)), open: len(moments)}
	byNumber, byText := map[uint64]*[]int{}, map[string]*[]int{}
	first := int64(math.MaxInt64)
	for n, m := range moments {
		first = min(first, m.At)
		if byNumber[m.Of] == nil {
			byNumber[m.Of] = &[]int{}
			byText[where.text(f, m.Of)] = byNumber[m.Of]
		}
		*byNumber[m.Of] = append(*byNumber[m.Of], n)
	}
	c.connections(f, where, byText)
	c.records(f, where, indexOf(byNumber), first)
	more := make([]bool, len(moments))
	for n, m := range moments {
		more[n] = c.counts[n] > m.Most
	}
	return more
}

// count is of connections at moments.
type count struct {
	moments []Moment
	counts  []int64
	// open is how many moments are not known yet.
	open int
}

// connection counts one for those of these moments at which it was there. It takes
// moments out that are known.
func (c *count) connection(of *[]int, began, ended int64) {
	known := false
	for _, n := range *of {
		if m := &c.moments[n]; began <= m.At && m.At <= ended {
			c.counts[n]++
			known = known || c.counts[n] > m.Most
		}
	}
	if known {
		before := len(*of)
		*of = slices.DeleteFunc(*of, func(n int) bool { return c.counts[n] > c.moments[n].Most })
		c.open -= before - len(*of)
	}
}

func (c *count) connections(f *Facts, where Whereabouts, byText map[string]*[]int) {
	for i := range f.Open.Connections {
		if c.open == 0 {
			return
		}
		one := &f.Open.Connections[i]
		if of := byText[where.open(one)]; of != nil && !one.Start.IsZero() {
			c.connection(of, model.Nanos(one.Start), math.MaxInt64)
		}
	}
}

func (c *count) records(f *Facts, where Whereabouts, of func(number uint64) *[]int, first int64) {
	for _, k := range f.kept {
		for part := range k.Table.Spans(k.Table.Search(first), k.Table.Len()) {
			if c.open == 0 {
				return
			}
			for i := part.From; i < part.To; i++ {
				asked := of(where.record(f, &part, i))
				if asked == nil || len(*asked) == 0 {
					continue
				}
				if began, told := part.Started(i); told {
					c.connection(asked, began, part.At[i])
				}
			}
		}
	}
}

// indexOf are the moments of a number. Small numbers, which nearly all are, are looked
// up without a map: it is done for each record.
func indexOf(byNumber map[uint64]*[]int) func(number uint64) *[]int {
	const small = 1 << 22
	most := uint64(0)
	for number := range byNumber {
		most = max(most, number)
	}
	if most >= small {
		return func(number uint64) *[]int { return byNumber[number] }
	}
	index := make([]*[]int, most+1)
	for number, of := range byNumber {
		index[number] = of
	}
	return func(number uint64) *[]int {
		if number > most {
			return nil
		}
		return index[number]
	}
}

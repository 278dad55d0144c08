package facts

import (
	"math"

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

// Moment is a time in nanoseconds, and what of the whereabouts it is about.
type Moment struct {
	Of uint64
	At int64
}

// There counts the connections that were there at each moment: those that are open now,
// and those that stopped since. All records are passed over once, for whatever many
// moments.
func (f *Facts) There(where Whereabouts, moments []Moment) []int64 {
	counts := make([]int64, len(moments))
	if len(moments) == 0 {
		return counts
	}
	first := int64(math.MaxInt64)
	byNumber, byText := indexOf(moments), map[string][]int{}
	for n, m := range moments {
		first = min(first, m.At)
		text := where.text(f, m.Of)
		byText[text] = append(byText[text], n)
	}
	count := func(of []int, began, ended int64) {
		for _, n := range of {
			if at := moments[n].At; began <= at && at <= ended {
				counts[n]++
			}
		}
	}
	for _, k := range f.kept {
		for part := range k.Table.Spans(k.Table.Search(first), k.Table.Len()) {
			for i := part.From; i < part.To; i++ {
				of := byNumber(where.record(f, &part, i))
				if len(of) == 0 {
					continue
				}
				if began, told := part.Started(i); told {
					count(of, began, part.At[i])
				}
			}
		}
	}
	for i := range f.Open.Connections {
		if c := &f.Open.Connections[i]; !c.Start.IsZero() {
			count(byText[where.open(c)], model.Nanos(c.Start), math.MaxInt64)
		}
	}
	return counts
}

// indexOf are the places of the moments of a number. Small numbers, which nearly all
// are, are looked up without a map: it is done for each record.
func indexOf(moments []Moment) func(number uint64) []int {
	const small = 1 << 22
	byNumber, most := map[uint64][]int{}, uint64(0)
	for n, m := range moments {
		byNumber[m.Of] = append(byNumber[m.Of], n)
		most = max(most, m.Of)
	}
	if most >= small {
		return func(number uint64) []int { return byNumber[number] }
	}
	index := make([][]int, most+1)
	for number, of := range byNumber {
		index[number] = of
	}
	return func(number uint64) []int {
		if number > most {
			return nil
		}
		return index[number]
	}
}

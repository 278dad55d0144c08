package facts

import (
	"math"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// Whereabouts tell connections apart by where they are: by the numbers of stops, and by
// what these stand for.
type Whereabouts struct {
	record func(*Facts, *store.Span, int) uint32
	text   func(*Facts, uint32) string
	open   func(*model.Connection) string
}

// Connections are at a server, from an address, or there at all.
var (
	AtServer = Whereabouts{
		func(f *Facts, s *store.Span, i int) uint32 { return f.servers.code(s.IDs[store.ColumnProfile][i]) },
		func(f *Facts, number uint32) string { return f.servers.values[number] },
		func(c *model.Connection) string { return c.Server },
	}
	FromAddress = Whereabouts{
		func(_ *Facts, s *store.Span, i int) uint32 { return s.IDs[store.ColumnIP][i] },
		func(f *Facts, number uint32) string { return f.symbols.IPs[number] },
		func(c *model.Connection) string { return c.IP },
	}
	Anywhere = Whereabouts{
		func(*Facts, *store.Span, int) uint32 { return 0 },
		func(*Facts, uint32) string { return "" },
		func(*model.Connection) string { return "" },
	}
)

// Moment is a time in nanoseconds, and what of the whereabouts it is about.
type Moment struct {
	Of uint32
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
	byNumber, byText := map[uint32][]int{}, map[string][]int{}
	for n, m := range moments {
		first = min(first, m.At)
		byNumber[m.Of] = append(byNumber[m.Of], n)
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
				of := byNumber[where.record(f, &part, i)]
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

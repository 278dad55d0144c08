package chronicle

import (
	"maps"
	"slices"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

const (
	// Resolution is how far apart numbers are kept: of several reads within it, the
	// last counts.
	Resolution = 10 * time.Second
	// mostSlots is how many of them are kept, a day.
	mostSlots = int(24 * time.Hour / Resolution)
	// spareSlots may be kept beyond that, so that not every read moves all.
	spareSlots = mostSlots / 8
	// mostAccounts is how many accounts of a server are told apart, those that were
	// met first: 12 bytes each a slot, so 40 MB a server at the most.
	mostAccounts = 400
	// OtherAccounts are the rest of them.
	OtherAccounts = "other"
	// Fresh is how long a number stands for the time after it: what is read each half
	// minute is no row of holes.
	Fresh = time.Minute
)

// Number is what is kept over time.
type Number int

// The numbers; those of connections are kept by account.
const (
	Open Number = iota
	Total
	Answered
	Connections
	// Slowest is the most that was pending for one connection.
	Slowest
)

// track is what reads told of one server, by slot; all slices are as long.
type track struct {
	server model.Server
	reads  readings
	lists  lists
}

// readings are what counters told. A server that did not answer told none; one
// that an ordinary account asks never does.
type readings struct {
	slots       []int64
	open, total []int64 // less than 0: not told
	answered    []bool
}

// lists are what lists of open connections told.
type lists struct {
	slots    []int64
	accounts map[string]*account
}

// account are an account's numbers, from a read on that met it first.
type account struct {
	from    int
	count   []int32
	slowest []int64
}

// Member is whose a line is: a server's, and of connections an account's there.
type Member struct {
	Label   string
	Server  model.Server
	Account string
}

// Line is one number over time.
type Line struct {
	Member
	slots  []int64
	values func(i int) (value int64, told bool)
	// first and last are when the server was read first and last.
	first, last int64
}

func slotOf(at time.Time) int64 { return at.UnixNano() / int64(Resolution) }

// note keeps what a read told of a server, and of its connections if it listed them.
func (t *track) note(state *ledger.ServerState, open []*model.Connection, at time.Time) {
	slot := slotOf(at)
	opened, total := int64(-1), int64(-1)
	if state.Answered {
		t.server = state.Server
		if !state.Server.Uncounted {
			opened, total = state.Server.Open, state.Server.Total
		}
	}
	r := &t.reads
	if n := len(r.slots); n > 0 && r.slots[n-1] >= slot {
		r.open[n-1], r.total[n-1], r.answered[n-1] = opened, total, state.Answered
	} else {
		r.slots, r.open, r.total = append(r.slots, slot), append(r.open, opened), append(r.total, total)
		r.answered = append(r.answered, state.Answered)
	}
	if over := len(r.slots) - mostSlots; over > spareSlots {
		r.slots, r.open, r.total = slices.Clone(r.slots[over:]), slices.Clone(r.open[over:]), slices.Clone(r.total[over:])
		r.answered = slices.Clone(r.answered[over:])
	}
	if state.Listed {
		t.lists.note(open, slot)
	}
}

func (l *lists) note(open []*model.Connection, slot int64) {
	n := len(l.slots)
	if n > 0 && l.slots[n-1] >= slot {
		n--
	} else {
		l.slots = append(l.slots, slot)
		for _, a := range l.accounts {
			a.count, a.slowest = append(a.count, 0), append(a.slowest, 0)
		}
	}
	for _, a := range l.accounts {
		a.count[n-a.from], a.slowest[n-a.from] = 0, 0
	}
	for _, c := range open {
		a := l.account(c.Account, n)
		a.count[n-a.from]++
		a.slowest[n-a.from] = max(a.slowest[n-a.from], c.PendingBytes)
	}
	if over := len(l.slots) - mostSlots; over > spareSlots {
		l.drop(over)
	}
}

// account is that of a name, which begins with the read n if it is new.
func (l *lists) account(name string, n int) *account {
	if l.accounts == nil {
		l.accounts = map[string]*account{}
	}
	if l.accounts[name] == nil && len(l.accounts) >= mostAccounts {
		name = OtherAccounts
	}
	a := l.accounts[name]
	if a == nil {
		a = &account{from: n, count: []int32{0}, slowest: []int64{0}}
		l.accounts[name] = a
	}
	return a
}

// drop forgets the oldest reads, and accounts that had nothing since.
func (l *lists) drop(over int) {
	l.slots = slices.Clone(l.slots[over:])
	for name, a := range l.accounts {
		gone := max(over-a.from, 0)
		a.from = max(a.from-over, 0)
		a.count, a.slowest = slices.Clone(a.count[gone:]), slices.Clone(a.slowest[gone:])
		if !slices.ContainsFunc(a.count, func(n int32) bool { return n > 0 }) {
			delete(l.accounts, name)
		}
	}
}

// lines are those of a number.
func (t *track) lines(label string, number Number) []Line {
	of := Member{Label: label, Server: t.server}
	switch number {
	case Open:
		return t.reads.line(of, func(i int) (int64, bool) { return t.reads.open[i], t.reads.open[i] >= 0 })
	case Total:
		return t.reads.line(of, func(i int) (int64, bool) { return t.reads.total[i], t.reads.total[i] >= 0 })
	case Answered:
		return t.reads.line(of, func(i int) (int64, bool) {
			if t.reads.answered[i] {
				return 1, true
			}
			return 0, true
		})
	case Connections, Slowest:
	}
	var all []Line
	for _, name := range slices.Sorted(maps.Keys(t.lists.accounts)) {
		a := t.lists.accounts[name]
		of.Account = name
		line := Line{Member: of, slots: t.lists.slots, first: t.lists.slots[0], last: t.lists.slots[len(t.lists.slots)-1]}
		line.values = func(i int) (int64, bool) {
			switch {
			case i < a.from:
				return 0, true
			case number == Slowest:
				return a.slowest[i-a.from], true
			}
			return int64(a.count[i-a.from]), true
		}
		all = append(all, line)
	}
	return all
}

func (r *readings) line(of Member, values func(int) (int64, bool)) []Line {
	if len(r.slots) == 0 {
		return nil
	}
	return []Line{{Member: of, slots: r.slots, values: values, first: r.slots[0], last: r.slots[len(r.slots)-1]}}
}

// at is the number by the end of a span of slots: the newest in it or, unless that
// is older than a minute, before it. Of several, pick has the largest.
func (l *Line) at(from, to int64, largest bool) (value int64, told bool) {
	from = min(from, to-int64(Fresh/Resolution))
	i, _ := slices.BinarySearch(l.slots, to)
	for i--; i >= 0 && l.slots[i] >= from; i-- {
		one, is := l.values(i)
		if !is && !told {
			return 0, false
		}
		if is && (!told || one > value) {
			value, told = one, true
		}
		if !largest {
			break
		}
	}
	return value, told
}

package comeback

import (
	"cmp"
	"slices"
	"strings"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// LeastGenerated is how long a name at least is that a client makes up.
const LeastGenerated = 8

// generated reports whether a client may have made its name up, as those do that call
// themselves something else each time: no pattern cuts an instance from it, and it has
// digits.
func generated(name, app string) bool {
	return name == app && len(name) >= LeastGenerated && strings.ContainsAny(name, "0123456789")
}

// kin are clients that may be one under several names: those names are of one length.
type kin struct {
	account, user, ip string
	length            int
}

// followed are those who are missing but for those who came back under another name that
// they made up: somebody of their user, from their address, that began afterwards.
func (n *names) followed(missing []departure, whose func(departure) (who kin, madeUp bool), list *listing) []departure {
	left := map[kin][]*departure{}
	var rest []departure
	for i := range missing {
		d := &missing[i]
		who, madeUp := whose(*d)
		if !madeUp {
			rest = append(rest, *d)
			continue
		}
		d.after = max(d.after, d.listed)
		left[who] = append(left[who], d)
	}
	if len(left) == 0 {
		return missing
	}
	for who, came := range n.newcomers(left, list) {
		slices.SortFunc(came, func(x, y int64) int { return cmp.Compare(y, x) })
		newestFirst(left[who])
		left[who] = follow(left[who], came, func(start int64) int64 { return start }, func(*departure, int64) {})
	}
	for _, alone := range left {
		for _, d := range alone {
			rest = append(rest, *d)
		}
	}
	return rest
}

// newcomers are when connections of made up names began, by whose they may be.
func (n *names) newcomers(of map[kin][]*departure, list *listing) map[kin][]int64 {
	w := &n.s.Symbols
	names, addresses, came := make([]bool, len(w.Names)), make([]bool, len(w.IPs)), map[kin][]int64{}
	for number, name := range w.Names {
		names[number] = generated(name, n.apps.Values[n.apps.Codes[number]])
	}
	for who := range of {
		if number, known := n.byIP.known[who.ip]; known && int(number) < len(addresses) {
			addresses[number] = true
		}
	}
	note := func(who kin, start int64) {
		if _, asked := of[who]; asked {
			came[who] = append(came[who], start)
		}
	}
	for _, kept := range n.s.Kept {
		for part := range kept.Table.Spans(0, kept.Table.Len()) {
			for i := part.From; i < part.To; i++ {
				name, ip := part.IDs[store.ColumnName][i], part.IDs[store.ColumnIP][i]
				if !names[name] || !addresses[ip] {
					continue
				}
				if start, told := part.Started(i); told && n.isClient(part.Row(i)) {
					account := n.accounts.Values[n.accounts.Codes[part.IDs[store.ColumnAccount][i]]]
					note(kin{account, w.Users[part.IDs[store.ColumnUser][i]], w.IPs[ip], len(w.Names[name])}, start)
				}
			}
		}
	}
	for i := range list.open {
		if c := &list.open[i]; generated(c.Name, c.App) && c.Account != model.NotLoggedIn && list.isOpen(c) {
			note(kin{c.Account, c.User, c.IP, len(c.Name)}, model.Nanos(c.Start))
		}
	}
	return came
}

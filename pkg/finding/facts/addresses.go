package facts

import (
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// Origin is what is known of an address from which clients got in.
type Origin struct {
	// Clients is how many, by their names and users.
	Clients int64
	// Newest is when the newest connection from there began, in nanoseconds.
	Newest int64
	// Open: connections from there are open now.
	Open bool
}

// Origins are those of addresses from which clients got in. All records are passed over
// once, for however many addresses.
func (f *Facts) Origins(addresses []uint32) map[uint32]Origin {
	origins := make(map[uint32]Origin, len(addresses))
	if len(addresses) == 0 {
		return origins
	}
	type client struct {
		ip         uint32
		name, user string
	}
	wanted, byText, seen := make([]bool, len(f.symbols.IPs)), map[string]uint32{}, map[client]bool{}
	for _, ip := range addresses {
		wanted[ip], byText[f.symbols.IPs[ip]] = true, ip
	}
	see := func(one client, began int64, open bool) {
		origin := origins[one.ip]
		if !seen[one] {
			seen[one] = true
			origin.Clients++
		}
		origin.Newest, origin.Open = max(origin.Newest, began), origin.Open || open
		origins[one.ip] = origin
	}
	for _, k := range f.kept {
		for part := range k.Table.Spans(0, k.Table.Len()) {
			for i := part.From; i < part.To; i++ {
				ip := part.IDs[store.ColumnIP][i]
				if !wanted[ip] || !f.symbols.Profiles[part.IDs[store.ColumnProfile][i]].Identified {
					continue
				}
				if f.gotIn(&f.reasons[part.IDs[store.ColumnReason][i]], f.account.code(part.IDs[store.ColumnAccount][i])) {
					began, told := part.Started(i)
					if !told {
						began = 0
					}
					see(client{ip, f.symbols.Names[part.IDs[store.ColumnName][i]], f.symbols.Users[part.IDs[store.ColumnUser][i]]}, began, false)
				}
			}
		}
	}
	for i := range f.Open.Connections {
		c := &f.Open.Connections[i]
		if ip, is := byText[c.IP]; is && c.Account != model.NotLoggedIn {
			see(client{ip, c.Name, c.User}, model.Nanos(c.Start), true)
		}
	}
	return origins
}

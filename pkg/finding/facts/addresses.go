package facts

import (
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/store"
)

// ClientsFrom counts the clients that are known to have got in from each address, by
// their names and users. All records are passed over once, for however many addresses.
func (f *Facts) ClientsFrom(addresses []uint32) map[uint32]int64 {
	counts := make(map[uint32]int64, len(addresses))
	if len(addresses) == 0 {
		return counts
	}
	type client struct {
		ip         uint32
		name, user string
	}
	wanted, byText, seen := make([]bool, len(f.symbols.IPs)), map[string]uint32{}, map[client]bool{}
	for _, ip := range addresses {
		wanted[ip], byText[f.symbols.IPs[ip]] = true, ip
	}
	see := func(one client) {
		if !seen[one] {
			seen[one] = true
			counts[one.ip]++
		}
	}
	for _, k := range f.kept {
		for part := range k.Table.Spans(0, k.Table.Len()) {
			for i := part.From; i < part.To; i++ {
				ip := part.IDs[store.ColumnIP][i]
				if wanted[ip] && f.gotIn(&f.reasons[part.IDs[store.ColumnReason][i]], f.account.code(part.IDs[store.ColumnAccount][i])) &&
					f.symbols.Profiles[part.IDs[store.ColumnProfile][i]].Identified {
					see(client{ip, f.symbols.Names[part.IDs[store.ColumnName][i]], f.symbols.Users[part.IDs[store.ColumnUser][i]]})
				}
			}
		}
	}
	for i := range f.Open.Connections {
		c := &f.Open.Connections[i]
		if ip, is := byText[c.IP]; is && c.Account != model.NotLoggedIn {
			see(client{ip, c.Name, c.User})
		}
	}
	return counts
}

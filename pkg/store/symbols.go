package store

import (
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// Profile is what a record shares with most others of its server, and where that is.
type Profile struct {
	Place
	model.Profile
	Identified bool
}

// Place is where a record's server runs, with its name and cluster at the time; the
// ID stays apart where two places share both.
type Place struct {
	ID              uint32
	Server, Cluster string
}

// Account is an account as a record tells it.
type Account struct{ Reported, ID string }

// SymbolTable numbers what records refer to.
type SymbolTable struct {
	reasons, names, users, ips, mqtt internTable[string]
	accounts                         internTable[Account]
	profiles                         internTable[Profile]
	apps                             *appTable
}

// NewSymbolTable is empty; apps are found with the namer.
func NewSymbolTable(apps *app.Namer) *SymbolTable { return &SymbolTable{apps: &appTable{namer: apps}} }

// SetApps has apps found by another namer from now on.
func (v *SymbolTable) SetApps(apps *app.Namer) { v.apps = &appTable{namer: apps} }

// Symbols are a symbol table's values at one moment; they do not change.
type Symbols struct {
	Reasons, Names, Users, IPs, MQTTClients []string
	Accounts                                []Account
	Profiles                                []Profile
	Apps                                    *appTable
	// AccountNames is what people call each account (decision D7), ServerLabels the
	// server of each profile (decision D13).
	AccountNames, ServerLabels []string
}

// Naming is what people call things that records know by other names.
type Naming struct {
	Account func(Account) string
	Server  func(Place) string
}

// Symbols are the values so far.
func (v *SymbolTable) Symbols(called Naming) Symbols {
	w := Symbols{
		Reasons: v.reasons.values, Names: v.names.values, Users: v.users.values, IPs: v.ips.values,
		MQTTClients: v.mqtt.values, Accounts: v.accounts.values, Profiles: v.profiles.values, Apps: v.apps,
	}
	w.AccountNames = make([]string, len(w.Accounts))
	for i, account := range w.Accounts {
		w.AccountNames[i] = called.Account(account)
	}
	w.ServerLabels = make([]string, len(w.Profiles))
	for i := range w.Profiles {
		w.ServerLabels[i] = called.Server(w.Profiles[i].Place)
	}
	return w
}

// Size is how many values the largest part of the symbol table has.
func (v *SymbolTable) Size() int {
	return max(len(v.accounts.values), len(v.names.values), len(v.users.values), len(v.ips.values), len(v.mqtt.values), len(v.profiles.values))
}

// Bytes is how long all texts are that clients choose, each once.
func (v *SymbolTable) Bytes() int {
	total := 0
	for _, table := range []*internTable[string]{&v.names, &v.users, &v.mqtt} {
		for ; table.weighed < len(table.values); table.weighed++ {
			table.bytes += len(table.values[table.weighed])
		}
		total += table.bytes
	}
	return total
}

// Row packs a stop, its details at the end of the arena.
func (v *SymbolTable) Row(s *model.Stop, place Place, arena *[]byte) Row {
	begin := len(*arena)
	*arena = pack(*arena, s)
	one := Row{at: model.Nanos(s.At), pending: s.PendingBytes, cid: s.CID, details: (*arena)[begin:]}
	one.ids = [ColumnCount]uint32{
		ColumnReason:  v.reasons.id(s.Reason),
		ColumnAccount: v.accounts.id(Account{s.Account, s.AccountID}),
		ColumnName:    v.names.id(s.Name),
		ColumnUser:    v.users.id(s.User),
		ColumnIP:      v.ips.id(s.IP),
		ColumnMQTT:    v.mqtt.id(s.MQTTClient),
		ColumnProfile: v.profiles.id(Profile{place, s.Profile, s.Identified()}),
	}
	return one
}

// Adopt is a row of another table, with what its ids stand for in this one.
func (v *SymbolTable) Adopt(one Row, from *Symbols) Row {
	one.ids = [ColumnCount]uint32{
		ColumnReason:  v.reasons.id(from.Reasons[one.ids[ColumnReason]]),
		ColumnAccount: v.accounts.id(from.Accounts[one.ids[ColumnAccount]]),
		ColumnProfile: v.profiles.id(from.Profiles[one.ids[ColumnProfile]]),
		ColumnName:    v.names.id(from.Names[one.ids[ColumnName]]),
		ColumnUser:    v.users.id(from.Users[one.ids[ColumnUser]]),
		ColumnIP:      v.ips.id(from.IPs[one.ids[ColumnIP]]),
		ColumnMQTT:    v.mqtt.id(from.MQTTClients[one.ids[ColumnMQTT]]),
	}
	return one
}

// Count is how many ids a column knows.
func (s *Symbols) Count(column Column) int {
	return [...]int{
		ColumnReason: len(s.Reasons), ColumnAccount: len(s.Accounts), ColumnProfile: len(s.Profiles),
		ColumnName: len(s.Names), ColumnUser: len(s.Users), ColumnIP: len(s.IPs),
		ColumnMQTT: len(s.MQTTClients),
	}[column]
}

// Stop fills in a record's stop.
func (s *Symbols) Stop(one Row, serverID string, into *model.Stop) {
	profile, account := &s.Profiles[one.ids[ColumnProfile]], s.Accounts[one.ids[ColumnAccount]]
	*into = model.Stop{At: model.Moment(one.at), Reason: s.Reasons[one.ids[ColumnReason]], Connection: model.Connection{
		ServerID: serverID, CID: one.cid, PendingBytes: one.pending,
		Server: s.ServerLabels[one.ids[ColumnProfile]], Cluster: profile.Cluster, Profile: profile.Profile,
		Account: s.AccountNames[one.ids[ColumnAccount]], AccountID: account.ID,
		Name: s.Names[one.ids[ColumnName]], App: s.Apps.of(s.Names, one.ids[ColumnName]), User: s.Users[one.ids[ColumnUser]], IP: s.IPs[one.ids[ColumnIP]],
		MQTTClient: s.MQTTClients[one.ids[ColumnMQTT]],
	}}
	unpack(one.details, one.at, into)
}

// Lifetime is when a row's connection began and when it was last heard of;
// what its server did not tell is zero.
func (r Row) Lifetime() (start, heard time.Time) {
	start, rest := unpackTime(r.details, r.at)
	heard, _ = unpackTime(rest, r.at)
	return start, heard
}

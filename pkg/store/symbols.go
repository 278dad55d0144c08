package store

import (
	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

import (
	"encoding/binary"
	"math"
	"time"
)

// peer is what a record shares with most others of its server.
type Profile struct {
	Server, Cluster, Kind, Type, Lang, Version, TLSVersion, TLSCipher string
	Identified                                                        bool
}

// account is an account as a record tells it.
type Account struct{ Reported, ID string }

// vocabulary numbers what records refer to.
type SymbolTable struct {
	reasons, names, users, ips, mqtt internTable[string]
	accounts                         internTable[Account]
	profiles                         internTable[Profile]
	apps                             *appTable
}

func NewSymbolTable(apps *app.Namer) *SymbolTable { return &SymbolTable{apps: &appTable{namer: apps}} }

// words are a vocabulary's values at one moment; they do not change.
type Symbols struct {
	Reasons, Names, Users, IPs, mqtt []string
	accounts                         []Account
	Profiles                         []Profile
	Apps                             *appTable
	// accountNames is what people call each account (design D7).
	AccountNames []string
}

func (v *SymbolTable) Symbols(called func(Account) string) Symbols {
	w := Symbols{
		Reasons: v.reasons.values, Names: v.names.values, Users: v.users.values, IPs: v.ips.values,
		mqtt: v.mqtt.values, accounts: v.accounts.values, Profiles: v.profiles.values, Apps: v.apps,
	}
	w.AccountNames = make([]string, len(w.accounts))
	for i, account := range w.accounts {
		w.AccountNames[i] = called(account)
	}
	return w
}

// size is how many values the largest part of the vocabulary has.
func (v *SymbolTable) Size() int {
	return max(len(v.accounts.values), len(v.names.values), len(v.users.values), len(v.ips.values), len(v.mqtt.values), len(v.profiles.values))
}

// record packs a stop, its details at the end of the arena.
func (v *SymbolTable) Row(s *model.Stop, server model.Server, arena *[]byte) Row {
	begin := len(*arena)
	*arena = v.pack(*arena, s)
	one := Row{at: model.Nanos(s.At), pending: s.PendingBytes, cid: s.CID, details: (*arena)[begin:]}
	one.ids = [ColumnCount]uint32{
		ColumnReason:  v.reasons.id(s.Reason),
		ColumnAccount: v.accounts.id(Account{s.Account, s.AccountID}),
		ColumnName:    v.names.id(s.Name),
		ColumnUser:    v.users.id(s.User),
		ColumnIP:      v.ips.id(s.IP),
		ColumnProfile: v.profiles.id(Profile{
			server.Name, server.Cluster, s.Kind, s.Type, s.Lang, s.Version, s.TLSVersion, s.TLSCipher, s.Identified(),
		}),
	}
	return one
}

// pack writes what no query filters or groups by, in as few bytes as it takes.
func (v *SymbolTable) pack(b []byte, s *model.Stop) []byte {
	for _, t := range [...]time.Time{s.Start, s.LastActivity} {
		b = packTime(b, t, s.At)
	}
	for _, n := range [...]int64{
		int64(s.RTT), s.InMsgs, s.OutMsgs, s.InBytes, s.OutBytes, s.Subscriptions, int64(s.Port), int64(v.mqtt.id(s.MQTTClient)),
	} {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return b
}

// count is how many ids a column knows.
func (w *Symbols) Count(column Column) int {
	return [...]int{
		ColumnReason: len(w.Reasons), ColumnAccount: len(w.accounts), ColumnProfile: len(w.Profiles),
		ColumnName: len(w.Names), ColumnUser: len(w.Users), ColumnIP: len(w.IPs),
	}[column]
}

// stop fills in a record's stop.
func (w *Symbols) Stop(one Row, serverID string, into *model.Stop) {
	w.Unpack(one, serverID, into)
	into.App = w.Apps.of(w.Names, one.ids[ColumnName])
}

// unpack fills in a record's stop except for its app, which may have to be found first.
func (w *Symbols) Unpack(one Row, serverID string, into *model.Stop) {
	peer, account := &w.Profiles[one.ids[ColumnProfile]], w.accounts[one.ids[ColumnAccount]]
	*into = model.Stop{At: model.Moment(one.at), Reason: w.Reasons[one.ids[ColumnReason]], Connection: model.Connection{
		ServerID: serverID, CID: one.cid, PendingBytes: one.pending,
		Server: peer.Server, Cluster: peer.Cluster, Kind: peer.Kind, Type: peer.Type, Lang: peer.Lang, Version: peer.Version,
		TLSVersion: peer.TLSVersion, TLSCipher: peer.TLSCipher,
		Account: w.AccountNames[one.ids[ColumnAccount]], AccountID: account.ID,
		Name: w.Names[one.ids[ColumnName]], User: w.Users[one.ids[ColumnUser]], IP: w.IPs[one.ids[ColumnIP]],
	}}
	rest := one.details
	into.Start, rest = unpackTime(rest, one.at)
	into.LastActivity, rest = unpackTime(rest, one.at)
	next := func() int64 {
		n, size := binary.Uvarint(rest)
		rest = rest[size:]
		return int64(n)
	}
	into.RTT = time.Duration(next())
	into.InMsgs, into.OutMsgs, into.InBytes, into.OutBytes = next(), next(), next(), next()
	into.Subscriptions, into.Port = next(), int(next())
	into.MQTTClient = w.mqtt[next()]
}

// packTime writes how long before the stop t was, so that it takes few bytes;
// a time that is not known is longer ago than any.
func packTime(b []byte, t, stop time.Time) []byte {
	ago := int64(math.MinInt64)
	if !t.IsZero() {
		ago = model.Nanos(stop) - model.Nanos(t)
	}
	return binary.AppendVarint(b, ago)
}

func unpackTime(b []byte, stop int64) (t time.Time, rest []byte) {
	ago, size := binary.Varint(b)
	if ago == math.MinInt64 {
		return time.Time{}, b[size:]
	}
	return model.Moment(stop - ago), b[size:]
}

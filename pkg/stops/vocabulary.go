package stops

import (
	"encoding/binary"
	"math"
	"time"
)

// peer is what a record shares with most others of its server.
type peer struct {
	Server, Cluster, Kind, Type, Lang, Version, TLSVersion, TLSCipher string
	Identified                                                        bool
}

// account is an account as a record tells it.
type account struct{ reported, id string }

// vocabulary numbers what records refer to.
type vocabulary struct {
	reasons, names, users, ips, mqtt terms[string]
	accounts                         terms[account]
	peers                            terms[peer]
	apps                             *appTable
}

func newVocabulary(apps *AppNamer) *vocabulary { return &vocabulary{apps: &appTable{namer: apps}} }

// words are a vocabulary's values at one moment; they do not change.
type words struct {
	reasons, names, users, ips, mqtt []string
	accounts                         []account
	peers                            []peer
	apps                             *appTable
	// accountNames is what people call each account (design D7).
	accountNames []string
}

func (v *vocabulary) words(names accountNames) words {
	w := words{
		reasons: v.reasons.values, names: v.names.values, users: v.users.values, ips: v.ips.values,
		mqtt: v.mqtt.values, accounts: v.accounts.values, peers: v.peers.values, apps: v.apps,
	}
	w.accountNames = make([]string, len(w.accounts))
	for i, account := range w.accounts {
		w.accountNames[i] = names.of(account)
	}
	return w
}

// size is how many values the largest part of the vocabulary has.
func (v *vocabulary) size() int {
	return max(len(v.accounts.values), len(v.names.values), len(v.users.values), len(v.ips.values), len(v.mqtt.values), len(v.peers.values))
}

// record packs a stop, its details at the end of the arena.
func (v *vocabulary) record(s *Stop, server Server, arena *[]byte) record {
	begin := len(*arena)
	*arena = v.pack(*arena, s)
	one := record{at: nanos(s.At), pending: s.PendingBytes, cid: s.CID, details: (*arena)[begin:]}
	one.ids = [columnCount]uint32{
		columnReason:  v.reasons.id(s.Reason),
		columnAccount: v.accounts.id(account{s.Account, s.AccountID}),
		columnName:    v.names.id(s.Name),
		columnUser:    v.users.id(s.User),
		columnIP:      v.ips.id(s.IP),
		columnPeer: v.peers.id(peer{
			server.Name, server.Cluster, s.Kind, s.Type, s.Lang, s.Version, s.TLSVersion, s.TLSCipher, s.Identified(),
		}),
	}
	return one
}

// pack writes what no query filters or groups by, in as few bytes as it takes.
func (v *vocabulary) pack(b []byte, s *Stop) []byte {
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

// stop fills in a record's stop.
func (w *words) stop(one record, serverID string, into *Stop) {
	w.unpack(one, serverID, into)
	into.App = w.apps.of(w.names, one.ids[columnName])
}

// unpack fills in a record's stop except for its app, which may have to be found first.
func (w *words) unpack(one record, serverID string, into *Stop) {
	peer, account := &w.peers[one.ids[columnPeer]], w.accounts[one.ids[columnAccount]]
	*into = Stop{At: moment(one.at), Reason: w.reasons[one.ids[columnReason]], Connection: Connection{
		ServerID: serverID, CID: one.cid, PendingBytes: one.pending,
		Server: peer.Server, Cluster: peer.Cluster, Kind: peer.Kind, Type: peer.Type, Lang: peer.Lang, Version: peer.Version,
		TLSVersion: peer.TLSVersion, TLSCipher: peer.TLSCipher,
		Account: w.accountNames[one.ids[columnAccount]], AccountID: account.id,
		Name: w.names[one.ids[columnName]], User: w.users[one.ids[columnUser]], IP: w.ips[one.ids[columnIP]],
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
		ago = nanos(stop) - nanos(t)
	}
	return binary.AppendVarint(b, ago)
}

func unpackTime(b []byte, stop int64) (t time.Time, rest []byte) {
	ago, size := binary.Varint(b)
	if ago == math.MinInt64 {
		return time.Time{}, b[size:]
	}
	return moment(stop - ago), b[size:]
}

var earliest, latest = time.Unix(0, math.MinInt64+1), time.Unix(0, math.MaxInt64-1)

// nanos are since the Unix epoch; times that 64 bits cannot hold become the
// nearest that they can.
func nanos(t time.Time) int64 {
	switch {
	case t.Before(earliest):
		return math.MinInt64 + 1
	case t.After(latest):
		return math.MaxInt64 - 1
	default:
		return t.UnixNano()
	}
}

func moment(nanos int64) time.Time { return time.Unix(0, nanos).UTC() }

// renewed is a vocabulary of what histories still refer to: names come and go
// with their instances, and so must their memory.
func (l *Ledger) renewed() *vocabulary {
	old, fresh := l.vocabulary.words(l.accounts), newVocabulary(l.apps)
	for id, h := range l.histories {
		var moved records
		var one Stop
		var arena []byte
		for i := range h.kept.len() {
			arena = arena[:0]
			old.unpack(h.kept.get(i), id, &one)
			moved.append(fresh.record(&one, Server{Name: one.Server, Cluster: one.Cluster}, &arena))
		}
		h.kept = moved
	}
	return fresh
}

// spareWords is how many values nothing refers to any more may stay at least.
const spareWords = 1 << 14

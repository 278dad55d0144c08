package chronicle

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

func counted(open, total int64) model.Reading {
	r := process("A", -time.Hour)
	r.Server.Open, r.Server.Total, r.Ring = open, total, model.RingRead
	return r
}

func listed(accounts ...string) model.Reading {
	r := counted(int64(len(accounts)), 10)
	r.Open = []model.Connection{}
	for i, account := range accounts {
		r.Open = append(r.Open, model.Connection{
			ServerID: "A", CID: uint64(i + 1), Profile: model.Profile{Lang: "go"}, Account: account, AccountID: account, PendingBytes: 100 * int64(i+1),
		})
	}
	return r
}

// series tells minute by minute, from the first read on.
func (p *play) series(number Number, minutes int, labels func(Member) []string) string {
	var edges []time.Time
	for i := range minutes + 1 {
		edges = append(edges, testledger.Noon.Add(time.Duration(i)*time.Minute+time.Minute))
	}
	text := ""
	groups, _ := p.chronicle.Series(number, edges, func(Member) bool { return true }, labels, p.most)
	for _, g := range groups {
		text += "[" + strings.Join(g.Labels, "/")
		for _, value := range g.Values {
			if value == nil {
				text += " -"
			} else {
				text += fmt.Sprintf(" %d", *value)
			}
		}
		text += "]"
	}
	return text
}

func byServer(m Member) []string  { return []string{m.Label} }
func byAccount(m Member) []string { return []string{m.Account} }
func inAll(Member) []string       { return nil }

func TestCountersOverTime(t *testing.T) {
	p := begin(t)
	p.read(counted(3, 10))
	p.read(counted(5, 13))
	p.read(silent())
	p.read(counted(0, 14))
	for number, want := range map[Number]string{
		Open: "[n1 3 5 - 0]", Total: "[n1 10 13 - 14]", Answered: "[n1 1 1 0 1]",
	} {
		if got := p.series(number, 4, byServer); got != want {
			t.Errorf("%d: got %s, want %s", number, got, want)
		}
	}
}

// TestNothingIsKnownOfAllWhileOneIsSilent: a sum without it would be a drop.
func TestNothingIsKnownOfAllWhileOneIsSilent(t *testing.T) {
	p := begin(t)
	other := testledger.Answered("n2")
	other.Server.Open = 7
	p.read(counted(3, 10), other)
	p.read(silent(), other)
	p.read(counted(2, 10), other)
	if got := p.series(Open, 3, inAll); got != "[ 10 - 9]" {
		t.Errorf("got %s", got)
	}
}

func TestConnectionsByAccountOverTime(t *testing.T) {
	p := begin(t)
	p.read(listed("a", "a"))
	p.read(listed("a", "b"))
	few := listed("b")
	few.OpenMore = 8
	p.read(few)
	p.read(listed("b", "b", "b"))
	if got, want := p.series(Connections, 4, byAccount), "[a 2 1 - 0][b 0 1 - 3]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := p.series(Slowest, 4, inAll); got != "[ 200 200 - 300]" {
		t.Errorf("the slowest: got %s", got)
	}
}

// TestTheSmallestAreSummedBeyondTheLimit: none is left out, and nobody knows the sum
// while one of them is silent. Who does not answer is shown before who does.
func TestTheSmallestAreSummedBeyondTheLimit(t *testing.T) {
	p := begin(t)
	all := []model.Reading{counted(1, 1)}
	for i, open := range []int64{9, 2, 5} {
		reading := testledger.Answered(fmt.Sprint("m", i))
		reading.Server.Open = open
		all = append(all, reading)
	}
	p.read(all...)
	p.read(append([]model.Reading{silent()}, all[1:]...)...)
	p.most = 2
	if got := p.series(Open, 2, byServer); got != "[m0 9 9][m2 5 5][ 3 -]" {
		t.Errorf("got %s", got)
	}
	if got := p.series(Answered, 2, byServer); got != "[n1 1 0][m0 1 1][ 2 2]" {
		t.Errorf("who answers: got %s", got)
	}
}

// TestATenantsServersTellNoCounters: what nobody told is no zero.
func TestATenantsServersTellNoCounters(t *testing.T) {
	p := begin(t)
	r := counted(0, 0)
	r.Server.Uncounted = true
	p.read(r)
	if got := p.series(Open, 1, byServer); got != "[n1 -]" {
		t.Errorf("got %s", got)
	}
}

func TestANumberStandsForAMinute(t *testing.T) {
	p := begin(t)
	p.read(counted(3, 10))
	edges := []time.Time{}
	for i := range 9 {
		edges = append(edges, p.now.Add(time.Duration(i)*Resolution))
	}
	told := 0
	groups, _ := p.chronicle.Series(Open, edges, func(Member) bool { return true }, byServer, p.most)
	for _, value := range groups[0].Values {
		if value != nil {
			told++
		}
	}
	if told != int(Fresh/Resolution) {
		t.Errorf("told for %d spans of ten seconds", told)
	}
}

// TestADayIsKept: memory is bounded, and old accounts go.
func TestADayIsKept(t *testing.T) {
	c := New()
	at := testledger.Noon
	tell := func(account string) {
		at = at.Add(Resolution)
		c.Tell(ledger.News{At: at, Snapshot: ledger.Snapshot{
			Servers: []ledger.ServerState{{Label: "n1", Answered: true, Listed: true, Server: model.Server{ID: "A"}}},
			Open:    []model.Connection{{Server: "n1", Account: account}},
		}})
	}
	tell("former")
	for range 3 * mostSlots {
		tell("a")
	}
	for i := range 2 * mostAccounts {
		tell(fmt.Sprint(i))
	}
	track := c.tracks["n1"]
	if n := len(track.reads.slots); n < mostSlots || n > mostSlots+spareSlots {
		t.Errorf("%d slots of counters", n)
	}
	if n := len(track.lists.slots); n < mostSlots || n > mostSlots+spareSlots {
		t.Errorf("%d slots of lists", n)
	}
	if track.lists.accounts["former"] != nil {
		t.Error("an account that had nothing for a day is still kept")
	}
	if n := len(track.lists.accounts); n > mostAccounts+1 || track.lists.accounts[OtherAccounts] == nil {
		t.Errorf("%d accounts are told apart", n)
	}
	perSlot := int(unsafe.Sizeof(int32(0)) + unsafe.Sizeof(int64(0)))
	bytes := 0
	for _, a := range track.lists.accounts {
		bytes += perSlot * len(a.count)
	}
	if most := perSlot * (mostSlots + spareSlots) * (mostAccounts + 1); bytes > most {
		t.Errorf("%d bytes of accounts, more than %d", bytes, most)
	}
}

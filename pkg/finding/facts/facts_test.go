package facts_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

var classes = reason.NewClassifier(nil)

// someStops are random, of servers with few records and with blocks of them.
func someStops(t *testing.T, random *rand.Rand) ledger.Snapshot {
	t.Helper()
	texts := []string{"Client Closed", "Client Closed", "Authentication Failure", "Authentication Expired", "Read Error", "Stale Connection", "TLS Handshake Error"}
	var readings []model.Reading
	for server := range 1 + random.IntN(4) {
		var stops []model.Stop
		for cid := range random.IntN(2)*random.IntN(5000) + random.IntN(50) {
			at := testledger.Noon.Add(-time.Duration(random.IntN(3_500_000)) * time.Millisecond)
			one := testledger.At("ID-n", uint64(cid), texts[random.IntN(len(texts))], fmt.Sprint("account-", random.IntN(3)), at)
			one.Name, one.User, one.IP = fmt.Sprintf("app-%d-pod-%d", random.IntN(9), random.IntN(2)), fmt.Sprint(random.IntN(5)), fmt.Sprint(random.IntN(7))
			one.PendingBytes = random.Int64N(9)
			if random.IntN(4) == 0 {
				one.Name = ""
			}
			if random.IntN(4) == 0 {
				one.User, one.Account, one.AccountID = "", model.GlobalAccount, model.GlobalAccount
			}
			if random.IntN(4) > 0 {
				one.Start = at.Add(-time.Duration(random.IntN(30_000)) * time.Millisecond)
			}
			stops = append(stops, one)
		}
		readings = append(readings, testledger.Answered(fmt.Sprint("n", server), stops...))
	}
	return testledger.Snapshot(t, readings...)
}

// plain are all stops of a snapshot in full, server by server.
func plain(s ledger.Snapshot) []model.Stop {
	var all []model.Stop
	for _, k := range s.Kept {
		for i := range k.Table.Len() {
			var one model.Stop
			s.Symbols.Stop(k.Table.Get(i), k.ServerID, &one)
			all = append(all, one)
		}
	}
	return all
}

// shown is what rules see of a stop.
type shown struct {
	At, Pending                                  int64
	Reason, Account, App, Server, Name, User, IP string
	Unnamed, Identified, GotIn                   bool
}

// TestStopsAreArrangedAsTheyAreToldOneByOne compares lists with whole records, read
// one by one and sorted.
func TestStopsAreArrangedAsTheyAreToldOneByOne(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 12 {
		snapshot := someStops(t, random)
		want := map[reason.Category][]shown{}
		all := plain(snapshot)
		slices.SortStableFunc(all, func(a, b model.Stop) int { return a.At.Compare(b.At) })
		for i := range all {
			s, why := &all[i], classes.Reason(all[i].Reason)
			if s.Reason == "Client Closed" {
				continue
			}
			want[why.Category] = append(want[why.Category], shown{
				model.Nanos(s.At), s.PendingBytes, s.Reason, s.Account, s.App, s.Server, s.Name, s.User, s.IP,
				s.Name == "", s.Identified(), !why.BeforeLogin || s.Account != model.NotLoggedIn,
			})
		}
		f := facts.New(snapshot, facts.Beside{}, classes, time.Hour)
		got := map[reason.Category][]shown{}
		for category, stops := range f.Stops {
			got[category] = show(f, stops)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%d stops differ from what they are one by one", len(all))
		}
		because := f.Because("Authentication Expired", "Read Error", "Stale Connection")
		var some []shown
		for _, list := range want {
			some = append(some, slices.DeleteFunc(slices.Clone(list), func(s shown) bool {
				return !slices.Contains([]string{"Authentication Expired", "Read Error", "Stale Connection"}, s.Reason)
			})...)
		}
		if !slices.IsSortedFunc(because, func(a, b *facts.Stop) int { return cmp.Compare(a.At, b.At) }) || !sameAtAll(show(f, because), some) {
			t.Fatal("the stops with three reasons are not those that have them")
		}
	}
}

func show(f *facts.Facts, stops []*facts.Stop) []shown {
	var all []shown
	for _, s := range stops {
		all = append(all, shown{
			s.At, s.Pending, f.Reason(s).Text, f.Account(s), f.App(s), f.Server(s), f.Name(s), f.User(s), f.IP(s), f.Unnamed(s), f.Identified(s), f.GotIn(s),
		})
	}
	return all
}

// sameAtAll: each as often here as there.
func sameAtAll(a, b []shown) bool {
	counts := map[shown]int{}
	for _, one := range a {
		counts[one]++
	}
	for _, one := range b {
		counts[one]--
	}
	return !slices.ContainsFunc(slices.Collect(maps.Values(counts)), func(n int) bool { return n != 0 })
}

// summed is what is known of an app, its minutes by number.
type summed struct {
	identified  bool
	first, last int64
	minutes     map[int64]facts.Minute
}

// TestAppsAreSummedAsTheirStopsAreToldOneByOne compares apps with sums of whole records.
func TestAppsAreSummedAsTheirStopsAreToldOneByOne(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 12 {
		snapshot := someStops(t, random)
		want, got := map[string]summed{}, map[string]summed{}
		for _, s := range plain(snapshot) {
			if classes.Reason(s.Reason).BeforeLogin && s.Account == model.NotLoggedIn {
				continue
			}
			at, began := model.Nanos(s.At), int64(0)
			if !s.Start.IsZero() {
				began = model.Nanos(s.Start)
			}
			app, known := want[s.Account+"/"+s.App]
			if !known {
				app = summed{first: at, minutes: map[int64]facts.Minute{}}
			}
			app.identified = app.identified || s.Identified()
			app.last, app.first = max(app.last, at), min(app.first, at)
			if began > 0 {
				app.first = min(app.first, began)
			}
			one := facts.Minute{Number: at / 60e9, Last: at, Stopped: 1}
			if s.Reason == "Client Closed" {
				one.Closed = 1
				if began > 0 && s.At.Sub(s.Start) < 10*time.Second {
					one.Short = 1
				}
			}
			app.minutes[one.Number] = together(app.minutes[one.Number], one)
			want[s.Account+"/"+s.App] = app
		}
		for _, app := range facts.New(snapshot, facts.Beside{}, classes, time.Hour).Apps() {
			one := summed{app.Identified, app.First, app.Last, map[int64]facts.Minute{}}
			for _, m := range app.Minutes {
				one.minutes[m.Number] = together(one.minutes[m.Number], m)
			}
			got[app.Account+"/"+app.Name] = one
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%d apps differ from what their %d stops tell", len(want), testledger.Count(snapshot))
		}
	}
}

func together(a, b facts.Minute) facts.Minute {
	return facts.Minute{
		Number: b.Number, Last: max(a.Last, b.Last), Stopped: a.Stopped + b.Stopped, Closed: a.Closed + b.Closed, Short: a.Short + b.Short,
	}
}

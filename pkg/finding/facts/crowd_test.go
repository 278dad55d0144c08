package facts_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// TestCrowdsAreCountedAsTheirStopsAreToldOneByOne compares the counts of spans, in
// whatever order these are asked for, with those of whole records.
func TestCrowdsAreCountedAsTheirStopsAreToldOneByOne(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 4 {
		snapshot := someStops(t, random)
		all := plain(snapshot)
		f := facts.New(snapshot, facts.Beside{}, classes, time.Hour)
		since := map[string]int64{}
		for _, k := range snapshot.Kept[:len(snapshot.Kept)/2] {
			since[k.ServerID] = model.Nanos(testledger.Noon.Add(-30 * time.Minute))
		}
		crowds := f.Crowds(f.Apps(), since)
		for i, app := range f.Apps() {
			for range 4 {
				from := model.Nanos(testledger.Noon)/60e9 - random.Int64N(65)
				to := from + random.Int64N(9)
				names, ips, marked := map[string]bool{}, map[string]bool{}, 0
				for _, s := range all {
					at := model.Nanos(s.At)
					if s.Account != app.Account || s.App != app.Name || at/60e9 < from || at/60e9 > to ||
						classes.Reason(s.Reason).BeforeLogin && s.Account == model.NotLoggedIn {
						continue
					}
					names[s.Name], ips[s.IP] = true, true
					if begins, marks := since[s.ServerID]; marks && at >= begins {
						marked++
					}
				}
				want := [3]int{len(names), len(ips), marked}
				if n, a, m := crowds[i].Between(from, to); [3]int{n, a, m} != want {
					t.Fatalf("%s has %v from %d to %d, want %v", app.Name, [3]int{n, a, m}, from, to, want)
				}
			}
		}
	}
}

// TestACrowdIsAsLargeAsItsStops, though a server without a clock began in 1970 and had it
// set.
func TestACrowdIsAsLargeAsItsStops(t *testing.T) {
	then := testledger.At("ID-n1", 1, "Client Closed", "a", time.Unix(100, 0))
	now := testledger.At("ID-n1", 2, "Client Closed", "a", testledger.Noon)
	f := facts.New(testledger.Snapshot(t, testledger.Answered("n1", then, now)), facts.Beside{}, classes, time.Hour)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	crowd := f.Crowds(f.Apps(), nil)[0]
	runtime.ReadMemStats(&after)
	if names, _, _ := crowd.Between(0, model.Nanos(testledger.Noon)/60e9); names != 1 {
		t.Errorf("%d names", names)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
		t.Errorf("it takes %d bytes", took)
	}
}

// TestOtherServersAreThoseOfEachConnection compares what is looked up with a look at
// each open connection.
func TestOtherServersAreThoseOfEachConnection(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	snapshot := someStops(t, random)
	var open []model.Connection
	for range 60 {
		app := fmt.Sprint("app-", random.IntN(9))
		c := model.Connection{
			App: app, Name: app, User: fmt.Sprint(random.IntN(9)), Account: "account-1", Server: fmt.Sprint("n", random.IntN(3)),
			Start: testledger.Noon.Add(-time.Duration(random.IntN(60)) * time.Minute),
		}
		if random.IntN(3) == 0 {
			c.Account = model.NotLoggedIn
		}
		open = append(open, c)
	}
	f := facts.New(snapshot, facts.Beside{Open: ledger.Snapshot{Open: open}}, classes, time.Hour)
	told := map[bool]int{}
	for _, s := range f.Because("Authentication Failure", "Read Error") {
		here, elsewhere := false, false
		for _, c := range open {
			same := c.App == f.App(s)
			if f.Unnamed(s) {
				same = c.User == f.User(s)
			}
			if same && c.Account != model.NotLoggedIn && model.Nanos(c.Start) > s.At {
				here, elsewhere = here || c.Server == f.Server(s), elsewhere || c.Server != f.Server(s)
			}
		}
		got := f.OtherServers(s, s.At)
		if want := elsewhere && !here; got != want {
			t.Fatalf("%s of %q: %v, want %v", f.App(s), f.User(s), got, want)
		}
		told[got]++
	}
	if told[true] == 0 || told[false] == 0 {
		t.Errorf("all are alike: %v", told)
	}
}

package ledger_test

import (
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/pkg/app"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// TestWhoNeverGotIn: servers report them as of the global account (decision D7).
func TestWhoNeverGotIn(t *testing.T) {
	for what, c := range map[string]struct {
		reason string
		of     model.Connection
		want   string
	}{
		"a refused login":            {"Authentication Failure", model.Connection{Account: "$G", Profile: model.Profile{Lang: "go"}, User: "ann"}, model.NotLoggedIn},
		"a login that took too long": {"Authentication Timeout", model.Connection{Account: "$G"}, model.NotLoggedIn},
		"a probe":                    {"Client Closed", model.Connection{Account: "$G"}, model.NotLoggedIn},
		"a client":                   {"Client Closed", model.Connection{Account: "$G", Profile: model.Profile{Lang: "go"}}, "$G"},
		"a device":                   {"Read Error", model.Connection{Account: "$G", MQTTClient: "pump-17"}, "$G"},
		"an account's, refused":      {"Authentication Failure", model.Connection{Account: "A"}, "A"},
		"an account's, no words":     {"Client Closed", model.Connection{Account: "A"}, "A"},
	} {
		c.of.ServerID, c.of.CID, c.of.AccountID = "n1", 1, c.of.Account
		open := c.of
		reading := testledger.Answered("n1", model.Stop{Connection: c.of, Reason: c.reason, At: testledger.Noon})
		reading.Open = []model.Connection{open}
		s := testledger.Snapshot(t, reading)
		if got := testledger.Everything(s)[0]; got.Account != c.want || got.AccountID != c.of.AccountID {
			t.Errorf("%s: account %q, id %q", what, got.Account, got.AccountID)
		}
		// Who is still connected has not failed yet.
		if got := s.Open[0]; c.reason == "Client Closed" && got.Account != c.want {
			t.Errorf("%s, open: account %q", what, got.Account)
		}
	}
}

// TestARenamedAccountHasItsNewestName: whichever part of the ring is read.
func TestARenamedAccountHasItsNewestName(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 100)
	n1.Close(70)
	whole := n1.Read()
	for i := range whole.Closed {
		whole.Closed[i].AccountID, whole.Closed[i].Account = "AKEY", "new-name"
		if whole.Closed[i].CID <= 3 {
			whole.Closed[i].Account = "old-name"
		}
	}
	look := whole
	look.Closed = look.Closed[:64]
	for i, reading := range []model.Reading{whole, look, whole} {
		reading.Closed = append([]model.Stop(nil), reading.Closed...)
		if got := testledger.Everything(l.Merge([]model.Reading{reading}))[0].Account; got != "new-name" {
			t.Errorf("read %d: %q", i+1, got)
		}
	}
}

// TestAccountsOfOneNameAreToldApart: by as much of their ids as it takes.
func TestAccountsOfOneNameAreToldApart(t *testing.T) {
	n1 := testledger.NewRing("ID1", "n1", 100)
	n1.Close(4)
	reading := n1.Read()
	for i, id := range []string{"AAONEXX", "AATWOXX", "AATWOYY", "ABC"} {
		reading.Closed[i].AccountID, reading.Closed[i].Account = id, "APP"
	}
	reading.Closed[3].Account = "other"
	want := map[string]string{"AAONEXX": "APP (AAONE…)", "AATWOXX": "APP (AATWOX…)", "AATWOYY": "APP (AATWOY…)", "ABC": "other"}
	for _, stop := range testledger.Everything(testledger.Snapshot(t, reading)) {
		if stop.Account != want[stop.AccountID] {
			t.Errorf("account %s is called %q, want %q", stop.AccountID, stop.Account, want[stop.AccountID])
		}
	}
}

// TestOtherPatternsCostNoRecord: apps of what is kept are found anew.
func TestOtherPatternsCostNoRecord(t *testing.T) {
	l, n1 := testledger.New(t, ledger.DefaultLimits()), testledger.NewRing("ID1", "n1", 100)
	n1.Close(1)
	n1.Records[0].Name = "api-pod-3a7f"
	before := l.Merge([]model.Reading{n1.Read()})
	whole, err := app.NewNamer([]string{})
	if err != nil {
		t.Fatal(err)
	}
	l.SetApps(whole)
	n1.Wait(time.Second)
	after := l.Merge([]model.Reading{n1.Read()})
	if old, now := testledger.Everything(before), testledger.Everything(after); len(now) != 1 || old[0].App != "api" || now[0].App != "api-pod-3a7f" {
		t.Errorf("before %+v, after %+v", old[0], now)
	}
}

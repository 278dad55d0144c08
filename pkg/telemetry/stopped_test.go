package telemetry

import (
	"fmt"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

const (
	gone = "Client Closed"
	slow = "Slow Consumer (Pending Bytes)"
)

func TestStopsAreCountedFromFirstContactOn(t *testing.T) {
	p, n1 := newProcess(), newServer("ID1", "n1")
	i := p.instance(t, "a", nil)
	n1.close(3, gone, "orders")
	i.read(n1)
	// A zero to rise from: a rate does not see a counter that appears.
	want(t, "first contact", p.scrape(t, "stopped_total"), map[string]float64{"orders|planned|Client Closed|n1": 0})
	n1.close(2, gone, "orders")
	n1.close(1, slow, "billing")
	i.read(n1)
	i.read(n1)
	want(t, "afterwards", p.scrape(t, "stopped_total"), map[string]float64{
		"orders|planned|Client Closed|n1":                     2,
		"billing|unexpected|Slow Consumer (Pending Bytes)|n1": 1,
	})
}

func TestARestartedServerCountsOn(t *testing.T) {
	p, n1 := newProcess(), newServer("ID1", "n1")
	i := p.instance(t, "a", nil)
	i.read(n1)
	n1.close(5, gone, "orders")
	i.read(n1)
	p.clock = p.clock.Add(time.Minute)
	again := newServer("ID2", "n1")
	again.began = again.now
	again.close(2, gone, "orders")
	i.read(again)
	want(t, "after the restart", p.scrape(t, "stopped_total"), map[string]float64{"orders|planned|Client Closed|n1": 7})
}

func TestReplacedInstancesCountNothingTwiceAndMissNothing(t *testing.T) {
	p, n1 := newProcess(), newServer("ID1", "n1")
	before := p.instance(t, "a", nil)
	n1.close(4, gone, "orders")
	before.read(n1)
	n1.close(4, gone, "orders")
	before.read(n1)
	n1.close(3, gone, "orders") // while the settings are saved
	after := p.instance(t, "a", map[string]reason.Class{gone: reason.Unexpected})
	after.read(n1)
	n1.close(1, gone, "orders")
	// The former one goes on for a while: Grafana disposes it later.
	before.read(n1)
	before.Close()
	after.read(n1)
	want(t, "with other classes", p.scrape(t, "stopped_total"), map[string]float64{
		"orders|planned|Client Closed|n1":    5,
		"orders|unexpected|Client Closed|n1": 3,
	})
}

func TestDataSourcesCountForThemselves(t *testing.T) {
	p, n1 := newProcess(), newServer("ID1", "n1")
	a, b := p.instance(t, "a", nil), p.instance(t, "b", nil)
	a.read(n1)
	n1.close(2, gone, "orders")
	a.read(n1)
	b.read(n1) // its first contact
	n1.close(3, gone, "orders")
	a.read(n1)
	b.read(n1)
	for uid, counted := range map[string]float64{"a": 5, "b": 3} {
		want(t, uid, p.scrapeOf(t, ID{"1", uid}, "stopped_total"), map[string]float64{"orders|planned|Client Closed|n1": counted})
	}
}

func TestAccountsBeyondTheLimitAreOther(t *testing.T) {
	p, n1 := newProcess(), newServer("ID1", "n1")
	i := p.instance(t, "a", nil)
	i.read(n1)
	for n := range maxAccounts + 5 {
		n1.close(2, gone, fmt.Sprintf("account %d", n))
	}
	i.read(n1)
	n1.close(1, gone, "account 0")
	i.read(n1)
	got := p.scrape(t, "stopped_total")
	if len(got) != maxAccounts+1 || got["other|planned|Client Closed|n1"] != 10 || got["account 0|planned|Client Closed|n1"] != 3 {
		t.Fatalf("%d series, other = %v, account 0 = %v", len(got), got["other|planned|Client Closed|n1"], got["account 0|planned|Client Closed|n1"])
	}
}

func TestEveryLabelIsBounded(t *testing.T) {
	l := newLabels()
	seen := map[series]bool{}
	for n := range 60_000 {
		seen[l.bound(series{
			reason: fmt.Sprint("reason ", n%7), class: "planned", account: fmt.Sprint("account ", n%97), server: fmt.Sprint("n", n%499),
		})] = true
	}
	// Beyond the limit only the reasons are told apart.
	if len(seen) != maxSeries+7 {
		t.Errorf("%d series, want at most %d and one per reason", len(seen), maxSeries)
	}
	for n := range 1000 {
		l.bound(series{reason: fmt.Sprint("odd ", n), account: fmt.Sprint("odd ", n), server: fmt.Sprint("odd ", n)})
	}
	if len(l.reasons) != maxReasons || len(l.accounts) != maxAccounts || len(l.servers) != maxServers {
		t.Errorf("%d reasons, %d accounts, %d servers", len(l.reasons), len(l.accounts), len(l.servers))
	}
}

func TestLostRecordsAreCounted(t *testing.T) {
	p, n1 := newProcess(), newServer("ID1", "n1")
	n1.size = 10
	i := p.instance(t, "a", nil)
	n1.close(12, gone, "orders")
	i.read(n1)
	want(t, "lost at first contact", p.scrape(t, "records_lost_total"), map[string]float64{"n1": 0})
	n1.close(17, gone, "orders")
	i.read(n1)
	for range 2 {
		n1.now = n1.now.Add(time.Second)
		i.read(n1)
	}
	want(t, "lost", p.scrape(t, "records_lost_total"), map[string]float64{"n1": 7})
	want(t, "gaps", p.scrape(t, "gaps_total"), map[string]float64{"n1": 1})
	want(t, "stopped", p.scrape(t, "stopped_total"), map[string]float64{"orders|planned|Client Closed|n1": 10})
}

func TestTheLedgersSizeGoesWithTheInstance(t *testing.T) {
	p, n1 := newProcess(), newServer("ID1", "n1")
	before := p.instance(t, "a", nil)
	n1.close(3, gone, "orders")
	before.read(n1)
	want(t, "while it lives", p.scrape(t, "ledger_records"), map[string]float64{"": 3})
	after := p.instance(t, "a", nil)
	want(t, "a new one that has read nothing", p.scrape(t, "ledger_records"), map[string]float64{})
	n1.close(1, gone, "orders")
	after.read(n1)
	before.read(n1)
	before.Close()
	want(t, "the new one", p.scrape(t, "ledger_records"), map[string]float64{"": 4})
	after.Close()
	after.read(n1) // under way when it was disposed
	want(t, "when all are gone", p.scrape(t, "ledger_records"), map[string]float64{})
	want(t, "what was counted", p.scrape(t, "stopped_total"), map[string]float64{"orders|planned|Client Closed|n1": 1})
}

func TestOneUIDInTwoOrganisationsIsTwoDataSources(t *testing.T) {
	p, n1 := newProcess(), newServer("ID1", "n1")
	one, two := p.instanceOf(t, ID{"1", "a"}, nil), p.instanceOf(t, ID{"2", "a"}, nil)
	one.read(n1)
	n1.close(3, gone, "orders")
	one.read(n1)
	two.read(n1) // its first contact
	n1.close(2, gone, "orders")
	two.read(n1)
	one.read(n1)
	for id, counted := range map[ID]float64{{"1", "a"}: 5, {"2", "a"}: 2} {
		want(t, id.Org, p.scrapeOf(t, id, "stopped_total"), map[string]float64{"orders|planned|Client Closed|n1": counted})
		want(t, id.Org, p.scrapeOf(t, id, "ledger_records"), map[string]float64{"": 5})
	}
	one.Close()
	want(t, "the one that was closed", p.scrapeOf(t, ID{"1", "a"}, "ledger_records"), map[string]float64{})
	want(t, "the other", p.scrapeOf(t, ID{"2", "a"}, "ledger_records"), map[string]float64{"": 5})
}

func TestARenamedDataSourceIsToldOnce(t *testing.T) {
	p, n1 := newProcess(), newServer("ID1", "n1")
	i := p.instance(t, "a", nil)
	i.read(n1)
	n1.close(2, gone, "orders")
	i.read(n1)
	i.Adopt("another name", reason.NewClassifier(map[string]reason.Class{gone: reason.Unexpected}))
	n1.close(1, gone, "orders")
	i.read(n1)
	want(t, "its size", p.scrape(t, "ledger_records"), map[string]float64{"": 3})
	sizes := 0
	families, err := p.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() == prefix+"ledger_records" {
			sizes = len(family.GetMetric())
		}
	}
	if sizes != 1 {
		t.Errorf("%d sizes are told of one ledger", sizes)
	}
	want(t, "what was counted", p.scrape(t, "stopped_total"), map[string]float64{
		"orders|planned|Client Closed|n1": 2, "orders|unexpected|Client Closed|n1": 1,
	})
}

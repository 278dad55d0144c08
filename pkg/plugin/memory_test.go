package plugin

import (
	"encoding/json"
	"fmt"
	"maps"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/config"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/internal/testsource"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
	"github.com/natsops/nats-connections-datasource/pkg/telemetry"
)

// stored is a data source with something in every setting that matters here.
type stored struct {
	namespace, uid, name string
	org                  int64
	basicUser            string
	jsonData             map[string]any
	secure               map[string]string
}

func ordinary() stored {
	return stored{
		namespace: "default", uid: "uid1", name: "NATS", org: 1, basicUser: "grafana",
		jsonData: map[string]any{
			"urls": []string{"http://n1:8222", "http://n2:8222"}, "httpHeaderName1": "X-Tenant",
			"nats":    map[string]any{"servers": []string{"nats://n1:4222"}, "auth": "user", "user": "grafana"},
			"history": map[string]any{"servers": []string{"nats://n1:4222"}, "auth": "user", "user": "history"},
		},
		secure: map[string]string{"natsPassword": "secret", "historyPassword": "secret", "basicAuthPassword": "secret", "httpHeaderValue1": "a"},
	}
}

func (s stored) save(t *testing.T, p *Process) *Datasource {
	t.Helper()
	raw, err := json.Marshal(s.jsonData)
	if err != nil {
		t.Fatal(err)
	}
	return saved(t, p, from(s.namespace, s.org), backend.DataSourceInstanceSettings{
		UID: s.uid, Name: s.name, JSONData: raw, DecryptedSecureJSONData: s.secure,
		BasicAuthEnabled: true, BasicAuthUser: s.basicUser,
	})
}

// learn has a data source know 50 stops of a server that shows four at a time.
func learn(t *testing.T, d *Datasource) {
	t.Helper()
	n1 := testledger.NewRing("ID1", "n1", 4)
	for n1.Close(2); stopsOf(t, d) < 50; n1.Close(4) {
		memoryOf(t, d).ledger.Merge([]model.Reading{n1.Read()})
	}
}

func TestASaveKeepsWhatIsKnownUnlessItChangesWhatMayBeSeen(t *testing.T) {
	for name, test := range map[string]struct {
		change func(s *stored)
		keeps  bool
	}{
		"nothing":                    {func(*stored) {}, true},
		"name":                       {func(s *stored) { s.name = "other" }, true},
		"timeout":                    {func(s *stored) { s.jsonData["timeout"] = 3 }, true},
		"reading":                    {func(s *stored) { s.jsonData["syncEvery"], s.jsonData["backgroundSync"] = "3s", "1h" }, true},
		"classes":                    {func(s *stored) { s.jsonData["classOverrides"] = map[string]string{"Kicked": "unexpected"} }, true},
		"who is trusted":             {func(s *stored) { s.jsonData["tlsSkipVerify"] = true }, true},
		"another server":             {func(s *stored) { s.jsonData["urls"] = []string{"http://n3:8222", "http://n1:8222", "http://n2:8222"} }, true},
		"order of servers":           {func(s *stored) { s.jsonData["urls"] = []string{"http://n2:8222", "http://n1:8222"} }, true},
		"every address":              {func(s *stored) { s.jsonData["resolveAll"] = true }, true},
		"a server less":              {func(s *stored) { s.jsonData["urls"] = []string{"http://n1:8222"} }, false},
		"one way less":               {func(s *stored) { delete(s.jsonData, "nats") }, false},
		"password of NATS":           {func(s *stored) { s.secure["natsPassword"] = "other" }, false},
		"user of NATS":               {func(s *stored) { nats(s)["user"] = "other" }, false},
		"scope":                      {func(s *stored) { nats(s)["scope"] = "account"; delete(s.jsonData, "urls") }, false},
		"user of the proxy":          {func(s *stored) { s.basicUser = "other" }, false},
		"password of the proxy":      {func(s *stored) { s.secure["basicAuthPassword"] = "other" }, false},
		"header":                     {func(s *stored) { s.secure["httpHeaderValue1"] = "b" }, false},
		"who people are, hidden":     {func(s *stored) { s.jsonData["private"] = true }, false},
		"history, written by others": {func(s *stored) { historyOf(s)["write"] = false }, true},
		"history that is made":       {func(s *stored) { historyOf(s)["create"] = true }, true},
		"another server of history":  {func(s *stored) { historyOf(s)["servers"] = []string{"nats://n1:4222", "nats://n2:4222"} }, true},
		"how much is kept":           {func(s *stored) { s.jsonData["keep"] = map[string]any{"age": "48h", "count": 10_000} }, true},
		"no history":                 {func(s *stored) { delete(s.jsonData, "history") }, false},
		"another stream":             {func(s *stored) { historyOf(s)["stream"] = "OTHER" }, false},
		"other subjects of history":  {func(s *stored) { historyOf(s)["prefix"] = "other" }, false},
		"user of history":            {func(s *stored) { historyOf(s)["user"] = "other" }, false},
		"password of history":        {func(s *stored) { s.secure["historyPassword"] = "other" }, false},
		"history elsewhere":          {func(s *stored) { historyOf(s)["servers"] = []string{"nats://n2:4222"} }, false},
		"uid":                        {func(s *stored) { s.uid = "uid2" }, false},
		"organisation":               {func(s *stored) { s.namespace, s.org = "org-2", 2 }, false},
		"organisation, number only":  {func(s *stored) { s.org = 2 }, false},
		"stack":                      {func(s *stored) { s.namespace = "stacks-2" }, false},
	} {
		t.Run(name, func(t *testing.T) {
			p, s := newProcess(t), ordinary()
			before := s.save(t, p)
			learn(t, before)
			test.change(&s)
			after := s.save(t, p)
			before.Dispose()
			want := 0
			if test.keeps {
				want = 50
			}
			if got := stopsOf(t, after); got != want {
				t.Errorf("%d stops are known after the save, want %d", got, want)
			}
		})
	}
}

// TestASaveKeepsWhatWaitsToBeWritten: the stream may be away.
func TestASaveKeepsWhatWaitsToBeWritten(t *testing.T) {
	p, s := newProcess(t), ordinary()
	before := s.save(t, p)
	learn(t, before)
	waited := memoryOf(t, before).history.State().Waiting
	historyOf(&s)["create"] = true
	after := s.save(t, p)
	before.Dispose()
	if got := memoryOf(t, after).history.State().Waiting; waited == 0 || got != waited {
		t.Errorf("%d records wait after the save, %d before", got, waited)
	}
}

func historyOf(s *stored) map[string]any {
	members, _ := s.jsonData["history"].(map[string]any)
	return members
}

func nats(s *stored) map[string]any {
	of, is := s.jsonData["nats"].(map[string]any)
	if !is {
		panic("no settings of NATS")
	}
	return of
}

func TestSettingsThatComeBackFindWhatWasKnown(t *testing.T) {
	p, s := newProcess(t), ordinary()
	learn(t, s.save(t, p))
	other := ordinary()
	other.secure["natsPassword"] = "other"
	if got := stopsOf(t, other.save(t, p)); got != 0 {
		t.Fatalf("another login sees %d stops", got)
	}
	if got := stopsOf(t, s.save(t, p)); got != 50 {
		t.Fatalf("%d stops are known after going back", got)
	}
}

// TestNothingIsMissingAfterASave asks as a panel and a rule do.
func TestNothingIsMissingAfterASave(t *testing.T) {
	p, n1 := newProcess(t), testledger.NewRing("ID1", "n1", 4)
	from := readings(func(source.Request) []model.Reading { return []model.Reading{n1.Read()} })
	jsonData := map[string]any{"urls": []string{"http://n1:8222"}, "syncEvery": "0s"}
	d := made(t, p, jsonData)
	memoryOf(t, d).reads.ReadFrom(from)
	for range 12 {
		n1.Close(4)
		ask(t, d, false, `{"queryType":"stops"}`)
	}
	for range 3 {
		before := d
		d = made(t, p, jsonData)
		before.Dispose()
		n1.Close(1)
		answers := ask(t, d, true, `{"queryType":"stops","view":"totals","groupBy":[]}`, `{"queryType":"servers","view":"totals","metric":"evicted_before","groupBy":[]}`,
			`{"queryType":"servers","view":"totals","metric":"records_lost","groupBy":[]}`)
		for refID, response := range answers.Responses {
			if response.Error != nil {
				t.Fatalf("%s: %v", refID, response.Error)
			}
		}
		for _, refID := range []string{"B", "C"} {
			frame := answers.Responses[refID].Frames[0]
			if got, err := frame.FloatAt(0, 0); err != nil || got != 0 {
				t.Errorf("%s: %v is missing (%v)", refID, got, err)
			}
		}
	}
	if got := stopsOf(t, d); got != 51 {
		t.Errorf("%d stops are known, want 51", got)
	}
}

func TestAnyNumberOfProxyKeysIsOneLedgerAndOneReader(t *testing.T) {
	p := newProcess(t)
	raw := []byte(`{"urls":["http://n1:8222"],"backgroundSync":"1h","enableSecureSocksProxy":true}`)
	settings := backend.DataSourceInstanceSettings{UID: "uid1", JSONData: raw, Updated: time.Now()}
	var instances []*Datasource
	var goroutines int
	for key := range 5 {
		ctx := config.WithGrafanaConfig(backend.WithPluginContext(t.Context(), from("", 1)), config.NewGrafanaCfg(map[string]string{
			"GF_SECURE_SOCKS_DATASOURCE_PROXY_SERVER_ENABLED": "true",
			"GF_SECURE_SOCKS_DATASOURCE_PROXY_PROXY_ADDRESS":  "127.0.0.1:1",
			"GF_SECURE_SOCKS_DATASOURCE_PROXY_ALLOW_INSECURE": "true",
			"GF_SECURE_SOCKS_DATASOURCE_PROXY_CLIENT_KEY_VAL": fmt.Sprint("key ", key),
		}))
		instance, err := p.NewInstance(ctx, settings)
		if err != nil {
			t.Fatal(err)
		}
		d, is := instance.(*Datasource)
		if !is {
			t.Fatalf("made a %T", instance)
		}
		if key == 0 {
			learn(t, d)
			goroutines = runtime.NumGoroutine()
		}
		// Grafana's SDK disposes of none of them.
		instances = append(instances, d)
	}
	// The first key is in use again: no new instance is made for it.
	for _, d := range append(instances, instances[0]) {
		if got := stopsOf(t, d); got != 50 {
			t.Fatalf("%d stops are known", got)
		}
		if m := memoryOf(t, d); m.recipe != d.recipe {
			t.Fatal("the servers are read through another proxy than that of who asks")
		}
	}
	if remembered(p) != 1 || len(p.memories[instances[0].recipe.place]) != 1 {
		t.Fatalf("%d memories", remembered(p))
	}
	testnats.Until(t, "one reader", func() bool { return runtime.NumGoroutine() <= goroutines })
}

// waiting is a data source that reads from a gate, with short leases of its process.
func waiting(t *testing.T, p *Process, jsonData map[string]any) (*Datasource, *testsource.Gate) {
	t.Helper()
	g := testsource.NewGate(fixture)
	close(g.LetGo)
	settings := map[string]any{"urls": []string{"http://127.0.0.1:1"}}
	maps.Copy(settings, jsonData)
	d := made(t, p, settings)
	memoryOf(t, d).reads.ReadFrom(g)
	return d, g
}

func leased(leases Leases) *Process {
	return NewProcess(telemetry.New(prometheus.NewRegistry()), leases)
}

func TestReadingEndsWithItsLeaseAndGoesOnWhenAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := leased(DefaultLeases())
		defer p.Close()
		d, g := waiting(t, p, map[string]any{"backgroundSync": "1h"})
		time.Sleep(7*24*time.Hour - time.Minute)
		reads := g.Reads.Load()
		if reads < 160 {
			t.Fatalf("%d reads in a week", reads)
		}
		time.Sleep(24 * time.Hour)
		if got := g.Reads.Load(); got > reads+1 || !g.Closed.Load() {
			t.Fatalf("%d reads after the lease", got-reads)
		}
		if stopsOf(t, d); remembered(p) != 1 {
			t.Fatal("who asks again is not remembered for")
		}
		m := memoryOf(t, d)
		again := testsource.NewGate(fixture)
		close(again.LetGo)
		m.reads.ReadFrom(again)
		time.Sleep(2*time.Hour + time.Minute)
		if got := again.Reads.Load(); got < 2 {
			t.Fatalf("%d reads in two hours after somebody asked", got)
		}
	})
}

func TestConnectionsRestWhenNobodyAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := leased(DefaultLeases())
		defer p.Close()
		d, g := waiting(t, p, nil)
		learn(t, d)
		for range 5 {
			time.Sleep(59 * time.Minute)
			memoryOf(t, d)
		}
		if rests := g.Rests.Load(); rests != 0 {
			t.Fatalf("rested %d times while somebody asked", rests)
		}
		time.Sleep(3 * time.Hour)
		if rests := g.Rests.Load(); rests != 1 || g.Closed.Load() {
			t.Fatalf("rested %d times in three hours", rests)
		}
		if got := stopsOf(t, d); got != 50 {
			t.Fatalf("%d stops are known after the rest", got)
		}
	})
}

// remembered is how many places have memories; timers of their own change them.
func remembered(p *Process) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.memories)
}

func TestAMemoryLingersAfterItsLastInstance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := leased(DefaultLeases())
		defer p.Close()
		first, g := waiting(t, p, map[string]any{"backgroundSync": "1m"})
		learn(t, first)
		first.Dispose()
		time.Sleep(9 * time.Minute)
		second := made(t, p, map[string]any{"urls": []string{"http://127.0.0.1:1"}, "backgroundSync": "1m"})
		time.Sleep(time.Hour)
		if got := stopsOf(t, second); got != 50 || g.Closed.Load() {
			t.Fatalf("%d stops are known to the next instance", got)
		}
		second.Dispose()
		time.Sleep(11 * time.Minute)
		reads := g.Reads.Load()
		time.Sleep(time.Hour)
		if remembered(p) != 0 || !g.Closed.Load() || g.Reads.Load() != reads {
			t.Fatalf("%d memories, %d reads after the last instance", remembered(p), g.Reads.Load()-reads)
		}
	})
}

func TestAMemoryThatWasReplacedReadsNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := leased(DefaultLeases())
		defer p.Close()
		_, g := waiting(t, p, map[string]any{"backgroundSync": "1m"})
		time.Sleep(time.Second)
		waiting(t, p, map[string]any{"urls": []string{"http://127.0.0.1:2"}})
		reads := g.Reads.Load()
		time.Sleep(9 * time.Minute)
		if got := g.Reads.Load(); got != reads || g.Closed.Load() {
			t.Fatalf("%d reads with settings that were replaced", got-reads)
		}
		time.Sleep(2 * time.Minute)
		if !g.Closed.Load() {
			t.Fatal("it lingers for more than ten minutes")
		}
	})
}

// TestNoConnectionIsLeftWhenNobodyAsks on a real server.
func TestNoConnectionIsLeftWhenNobodyAsks(t *testing.T) {
	ns := testnats.StartVersion(t, testnats.Version(), `
		system_account: SYS
		accounts { SYS { users: [{user: grafana, password: s3cret}] } }`)
	p := leased(Leases{Connections: time.Second, Memory: time.Hour, Linger: time.Hour})
	defer p.Close()
	s := ordinary()
	s.secure["natsPassword"] = "s3cret"
	s.jsonData = map[string]any{"nats": map[string]any{"servers": []string{ns.ClientURL}, "auth": "user", "user": "grafana"}}
	d := s.save(t, p)
	for range 2 {
		if err := ask(t, d, false, `{"queryType":"connections","view":"totals"}`).Responses["A"].Error; err != nil {
			t.Fatal(err)
		}
		testnats.Until(t, "the connection to be left", func() bool { return ns.Connections(t) == 0 })
	}
}

func TestLeasesAreNoLongerThanTold(t *testing.T) {
	for told, want := range map[string]Leases{
		"":     DefaultLeases(),
		"1m":   {Connections: time.Minute, Memory: time.Minute, Linger: 10 * time.Minute},
		"48h":  {Connections: time.Hour, Memory: 48 * time.Hour, Linger: 10 * time.Minute},
		"soon": DefaultLeases(),
		"0s":   DefaultLeases(),
	} {
		got, err := LeasesWithin(told)
		if refused := told == "soon" || told == "0s"; got != want || (err != nil) != refused {
			t.Errorf("%q: got %+v, %v", told, got, err)
		}
	}
}

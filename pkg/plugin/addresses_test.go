package plugin

import (
	"encoding/json"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend/httpclient"
	"github.com/nats-io/nats-server/v2/server"

	"github.com/natsops/nats-connections-datasource/internal/testdns"
	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/ledger/books"
	"github.com/natsops/nats-connections-datasource/pkg/source/httpmonitor"
)

const podsName = "nats-headless.example"

// startPod runs a server whose monitoring has that address and port, any free
// port if it is 0, and returns the port.
func startPod(t *testing.T, name, address string, port int) (*testnats.Server, int) {
	t.Helper()
	s := testnats.Start(t, &server.Options{ServerName: name, HTTPHost: address, HTTPPort: port})
	_, used, err := net.SplitHostPort(strings.TrimPrefix(s.MonitorURL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	port, err = strconv.Atoi(used)
	if err != nil {
		t.Fatal(err)
	}
	return s, port
}

// answered asks which servers answered.
func answered(t *testing.T, d *Datasource) map[string]int64 {
	t.Helper()
	response := ask(t, d, false, `{"queryType":"servers","view":"totals","metric":"answered"}`).Responses["A"]
	if response.Error != nil {
		t.Fatal(response.Error)
	}
	servers := map[string]int64{}
	for _, field := range response.Frames[0].Fields {
		value, ok := field.At(0).(int64)
		if !ok {
			t.Fatalf("a value is a %s", field.Type())
		}
		servers[field.Labels["server"]] = value
	}
	return servers
}

func expectServers(t *testing.T, d *Datasource, want map[string]int64) {
	t.Helper()
	if got := answered(t, d); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// TestEachAddressOfANameIsAServer, if the settings ask for it.
func TestEachAddressOfANameIsAServer(t *testing.T) {
	testnats.NeedAddresses(t)
	dns, before := testdns.Start(t), net.DefaultResolver
	net.DefaultResolver = dns.Resolver()
	t.Cleanup(func() { net.DefaultResolver = before })
	dns.Set(podsName, "127.0.0.1", "127.0.0.2", "127.0.0.3")
	_, port := startPod(t, "n1", "127.0.0.1", 0)
	startPod(t, "n2", "127.0.0.2", port)
	for settings, want := range map[string]map[string]int64{
		`{"urls":["http://%s:%d"],"resolveAll":true}`: {"n1": 1, "n2": 1, fmt.Sprintf("127.0.0.3:%d of %s", port, podsName): 0},
		`{"urls":["http://%s:%d"]}`:                   {"n1": 1},
	} {
		var jsonData map[string]any
		if err := json.Unmarshal([]byte(fmt.Sprintf(settings, podsName, port)), &jsonData); err != nil {
			t.Fatal(err)
		}
		d := made(t, newProcess(t), jsonData)
		expectServers(t, d, want)
		d.Dispose()
	}
}

// TestPodThatStartsAgainElsewhere: its stops so far stay, and what is missing
// between its last read and its start is told.
func TestPodThatStartsAgainElsewhere(t *testing.T) {
	testnats.NeedAddresses(t)
	dns := testdns.Start(t)
	dns.Set(podsName, "127.0.0.1", "127.0.0.2")
	n1, port := startPod(t, "n1", "127.0.0.1", 0)
	startPod(t, "n2", "127.0.0.2", port)
	urls := []string{fmt.Sprintf("http://%s:%d", podsName, port)}
	from, err := httpmonitor.New(httpclient.Options{}, urls, httpmonitor.WithResolver(dns.Resolver(), 0))
	if err != nil {
		t.Fatal(err)
	}
	d := reading(t, from)
	expectServers(t, d, map[string]int64{"n1": 1, "n2": 1})
	n1.Close()
	dns.Set(podsName, "127.0.0.2")
	expectServers(t, d, map[string]int64{"n1": 0, "n2": 1})
	startPod(t, "n1", "127.0.0.3", port)
	dns.Set(podsName, "127.0.0.2", "127.0.0.3")
	expectServers(t, d, map[string]int64{"n1": 1, "n2": 1})
	snapshot, err := memoryOf(t, d).reads.One(t.Context(), closedRead)
	if err != nil {
		t.Fatal(err)
	}
	var gaps []books.Gap
	for _, state := range snapshot.Servers {
		gaps = append(gaps, state.Coverage.Gaps...)
	}
	if len(gaps) != 1 || !gaps[0].Restart {
		t.Errorf("gaps %+v, want that of the restart", gaps)
	}
}

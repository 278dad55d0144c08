package backend_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/lab/testnats"
)

// TestLeafnodeIsSeenInTime: over NATS no counter moves when a leafnode leaves,
// and still it is seen within ten seconds, by the server's clock.
func TestLeafnodeIsSeenInTime(t *testing.T) {
	t.Parallel()
	port, err := testnats.FreePort(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	hub := testnats.StartVersion(t, testnats.Version(), fmt.Sprintf(`
		server_name: hub
		leafnodes { listen: "127.0.0.1:%d" }
		system_account: SYS
		accounts {
			SYS { users: [{user: grafana, password: s3cret}] }
			APP { users: [{user: app, password: s3cret}] }
		}`, port))
	leaf := testnats.StartVersion(t, testnats.Version(), fmt.Sprintf(`
		server_name: leaf
		leafnodes { remotes: [{url: "nats-leaf://app:s3cret@127.0.0.1:%d"}] }`, port))
	ds := overNATS(t, "grafana", hub.ClientURL)
	open := `{"queryType":"connections","view":"records","filters":[{"key":"kind","operator":"=","values":["Leafnode"]}]}`
	if testnats.Has(testnats.Version(), "2.11.5") {
		testnats.Until(t, "the leafnode", func() bool { return len(rows(t, ask(t, ds, open))) == 1 })
	}
	closed := `{"queryType":"stops","view":"records","filters":[{"key":"kind","operator":"=","values":["Leafnode"]}]}`
	// Two reads find nothing, so the third finds peace.
	for range 3 {
		ask(t, ds, closed)
	}
	leaf.Kill()
	var inVain time.Time // the last read without it, by the hub's clock
	var found []map[string]any
	testnats.Until(t, "the end of the leafnode", func() bool {
		state := rows(t, ask(t, ds, `{"queryType":"servers","view":"table","groupBy":["server"]}`))[0]
		if found = rows(t, ask(t, ds, closed)); len(found) == 1 {
			return true
		}
		inVain, _ = state["last_read"].(time.Time)
		return false
	})
	stopped, _ := found[0]["time"].(time.Time)
	// Its record is written a moment after it stopped.
	if late := inVain.Sub(stopped); late <= 0 || late >= 11*time.Second {
		t.Errorf("it was last read in vain %s after it stopped", late)
	}
}

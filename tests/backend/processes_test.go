package backend_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/natsops/nats-connections-datasource/lab/testnats"
)

// process is a server of the release under test that can be killed, and
// started again at the same addresses.
type process struct {
	*testnats.Server
	name, config string
}

// start runs the server, for the first time or anew.
func (p *process) start(t *testing.T) {
	t.Helper()
	p.Server = testnats.StartVersion(t, testnats.Version(), p.config)
}

// startProcesses runs n1, n2 and n3 as a cluster whose clients need no login.
// more is what each one's configuration says besides.
func startProcesses(t *testing.T, more map[string]string) []*process {
	t.Helper()
	const count = 3
	var ports []int
	var routes []string
	for range 3 * count {
		port, err := testnats.FreePort(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ports = append(ports, port)
	}
	for i := range count {
		routes = append(routes, fmt.Sprintf(`"nats://127.0.0.1:%d"`, ports[3*i]))
	}
	var cluster []*process
	for i := range count {
		name := fmt.Sprintf("n%d", i+1)
		p := &process{name: name, config: fmt.Sprintf(`
			server_name: %s
			cluster { name: lab, no_advertise: true, listen: "127.0.0.1:%d", routes: [%s] }
			port: %d
			http: "127.0.0.1:%d"
			system_account: SYS
			no_auth_user: app
			authorization { timeout: 30 }
			accounts {
				SYS { users: [{user: grafana, password: s3cret}] }
				APP { users: [{user: app, password: s3cret}] }
			}
			%s
		`, name, ports[3*i], strings.Join(routes, ","), ports[3*i+1], ports[3*i+2], more[name])}
		p.start(t)
		cluster = append(cluster, p)
	}
	for _, p := range cluster {
		p.AwaitPeers(t, count-1)
	}
	return cluster
}

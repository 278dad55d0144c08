package backend_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/lab/testnats"
)

// cluster is the lab's three servers.
type cluster struct {
	Servers []struct {
		Name    string `json:"name"`
		Monitor string `json:"monitor"`
	} `json:"servers"`
	// Arguments let another run of the lab reach them.
	Arguments []string `json:"arguments"`
}

func (c cluster) monitors() []string {
	var urls []string
	for _, s := range c.Servers {
		urls = append(urls, s.Monitor)
	}
	return urls
}

// labStop is a stop that the lab caused, as it saw it.
type labStop struct {
	Behaviour string `json:"behaviour"`
	Reason    string `json:"reason"`
	Server    string `json:"server"`
	ServerID  string `json:"server_id"`
	CID       uint64 `json:"cid"`
	Account   string `json:"account"`
	User      string `json:"user"`
	Name      string `json:"name"`
}

func labCommand(t *testing.T, arguments ...string) *exec.Cmd {
	t.Helper()
	command := exec.CommandContext(t.Context(), "node", append([]string{"../../scripts/lab.mjs"}, arguments...)...)
	command.Stderr = os.Stderr
	return command
}

// startCluster runs the lab's servers until the test ends.
func startCluster(t *testing.T) cluster {
	t.Helper()
	command := labCommand(t, "cluster", "--json")
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = command.Wait()
	})
	var c cluster
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	if err := json.Unmarshal(line, &c); err != nil {
		t.Fatalf("the lab said %q: %v", line, err)
	}
	return c
}

// cause lets the lab cause a behaviour once and hands on each stop as it
// happens: a server in lame duck takes its records with it soon after. What a
// loaded machine keeps the lab from provoking is tried again; what it did
// provoke is never excused.
func cause(t *testing.T, c cluster, behaviour string, tell func(labStop)) {
	t.Helper()
	for attempt := 1; ; attempt++ {
		caused, err := causeOnce(t, c, behaviour, tell)
		if err == nil && caused > 0 {
			return
		}
		if caused > 0 || attempt == 3 {
			t.Fatalf("%s caused %d stops and ended with %v", behaviour, caused, err)
		}
	}
}

func causeOnce(t *testing.T, c cluster, behaviour string, tell func(labStop)) (caused int, err error) {
	t.Helper()
	command := labCommand(t, append([]string{behaviour, "--once", "--json"}, c.Arguments...)...)
	stdout, err := command.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := command.Start(); err != nil {
		return 0, err
	}
	for lines := bufio.NewScanner(stdout); lines.Scan(); caused++ {
		var one labStop
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			t.Fatalf("the lab said %q: %v", lines.Bytes(), err)
		}
		tell(one)
	}
	return caused, command.Wait()
}

// expected are the behaviours with the reason that the server gives; lame duck
// comes last, because it ends its server.
var expected = []struct{ behaviour, reason, class string }{
	{"clean-close", "Client Closed", "planned"},
	{"killed", "Client Closed", "planned"},
	{"reset", "Read Error", "unexpected"},
	{"port-probe", "Client Closed", "planned"},
	{"slow-consumer-pending", "Slow Consumer (Pending Bytes)", "unexpected"},
	{"slow-consumer-deadline", "Slow Consumer (Write Deadline)", "unexpected"},
	{"stale", "Stale Connection", "unexpected"},
	{"auth-failure", "Authentication Failure", "unexpected"},
	{"auth-failure-burst", "Authentication Failure", "unexpected"},
	{"auth-timeout", "Authentication Timeout", "unexpected"},
	{"tls-handshake", "TLS Handshake Failure", "unexpected"},
	{"max-connections", "Maximum Connections Exceeded", "unexpected"},
	{"max-account-connections", "Maximum Account Connections Exceeded", "unexpected"},
	{"max-payload", "Maximum Message Payload Exceeded", "unexpected"},
	{"max-control-line", "Maximum Control Line Exceeded", "unexpected"},
	{"protocol-violation", "Protocol Violation", "unexpected"},
	{"parse-error", "Parse Error", "unexpected"},
	{"no-responders-without-headers", "No Responders Requires Headers", "unexpected"},
	{"bad-protocol-version", "Bad Client Protocol Version", "unexpected"},
	{"kicked", "Kicked", "planned"},
	{"lame-duck", "Server Shutdown", "planned"},
}

// TestEveryReasonFromServerToFrame follows each stop the lab can cause from a
// real server to the row that a person sees.
func TestEveryReasonFromServerToFrame(t *testing.T) {
	c := startCluster(t)
	ds := datasource(t, c.monitors()...)
	for _, test := range expected {
		t.Run(test.behaviour, func(t *testing.T) {
			cause(t, c, test.behaviour, func(caused labStop) {
				checkCaused(t, func() []map[string]any {
					return rows(t, ask(t, ds, `{"queryType":"stops","view":"records","limit":10000}`))
				}, caused, test.reason, test.class)
			})
		})
	}
}

func checkCaused(t *testing.T, read func() []map[string]any, caused labStop, reason, class string) {
	t.Helper()
	var found map[string]any
	testnats.Until(t, "the record of "+caused.Behaviour, func() bool {
		for _, row := range read() {
			if row["server_id"] == caused.ServerID && row["cid"] == caused.CID {
				found = row
				return true
			}
		}
		return false
	})
	for column, want := range map[string]string{
		"reason": reason, "class": class, "server": caused.Server,
		"account": caused.Account, "user": caused.User, "name": caused.Name,
	} {
		if column == "account" && want == "" {
			want = "$G"
		}
		if found[column] != want {
			t.Errorf("%s: %s is %q, want %q", caused.Behaviour, column, found[column], want)
		}
	}
	if since := time.Since(found["time"].(time.Time)); since.Abs() > 5*time.Minute {
		t.Errorf("%s: stopped %v ago", caused.Behaviour, since)
	}
}

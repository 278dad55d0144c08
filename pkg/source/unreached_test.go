package source

import (
	"errors"
	"fmt"
	"net"
	"testing"
)

func TestWhyNobodyIsReached(t *testing.T) {
	const listening = "Look at the port."
	dialled := func(why string) error {
		return fmt.Errorf("get: %w", &net.OpError{Op: "dial", Err: errors.New(why)})
	}
	for name, test := range map[string]struct {
		err            error
		sentence, hint string
	}{
		"no such name":     {&net.OpError{Op: "dial", Err: &net.DNSError{Name: "n1"}}, Unresolved.Sentence, Unresolved.Hint},
		"nobody listens":   {dialled("connect: connection refused"), "It refused the connection.", listening},
		"no way there":     {dialled("no route to host"), "It cannot be reached.", "Check host and port, and the network between the machine Grafana runs on and the server."},
		"beyond the agent": {&net.OpError{Op: "socks connect", Err: dialled("connection refused")}, "It could not be reached through the private data source connection.", "Check that the agent of the private connection runs and may reach this address."},
	} {
		if found := Unreached(test.err, listening); found == nil || found.Kind != KindNetwork || found.Sentence != test.sentence || found.Hint != test.hint {
			t.Errorf("%s: %v", name, found)
		}
	}
	for _, err := range []error{errors.New("EOF"), &net.OpError{Op: "read", Err: errors.New("connection reset")}} {
		if found := Unreached(err, listening); found != nil {
			t.Errorf("%v: %v", err, found)
		}
	}
}

package source

import (
	"errors"
	"net"
	"strings"
)

// Unresolved is about a host name that leads nowhere.
var Unresolved = Error{
	Kind: KindNetwork, Sentence: "Its host name could not be resolved.",
	Hint: "Check the host name, and that the machine Grafana runs on can resolve it.",
}

// Unreached says why nobody could be reached, in the same words along every way;
// nil if err is not about that. listening is what to check where nobody listens.
func Unreached(err error, listening string) *Error {
	var (
		dns       *net.DNSError
		operation *net.OpError
	)
	switch {
	case errors.As(err, &dns):
		return &Unresolved
	case errors.As(err, &operation) && operation.Op == "socks connect":
		return &Error{
			Kind: KindNetwork, Sentence: "It could not be reached through the private data source connection.",
			Hint: "Check that the agent of the private connection runs and may reach this address.",
		}
	// The error numbers live in package syscall, which plugins may not use.
	case errors.As(err, &operation) && operation.Op == "dial" && strings.Contains(operation.Err.Error(), "refused"):
		return &Error{Kind: KindNetwork, Sentence: "It refused the connection.", Hint: listening}
	case errors.As(err, &operation) && operation.Op == "dial":
		return &Error{
			Kind: KindNetwork, Sentence: "It cannot be reached.",
			Hint: "Check host and port, and the network between the machine Grafana runs on and the server.",
		}
	}
	return nil
}

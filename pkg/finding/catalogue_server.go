package finding

import "github.com/natsops/nats-connections-datasource/pkg/reason"

// The ids of rules about the lives of servers.
const (
	ServerRestart = "server_restart"
)

var serverRules = []Rule{
	{
		ID: ServerRestart, Title: "Server restart", Severity: reason.Warning, SystemOnly: true,
		Thresholds: []Threshold{
			{"in_turn", 30, 1, 1440, "minutes", "How long after one server of a cluster the next restarts at most, for both to be of one rolling upgrade"},
		},
		Meaning: "A server went and came back. It is planned if it announced it (lame duck), has another version now, or its cluster restarts " +
			"one after the other; these are told as one. A single server that vanished and came back as it was may have crashed.",
		Remedy: "Nothing after an upgrade. Otherwise look at the end of the log of the process that ended, and at why it was killed.",
		Step:   "kubectl logs --previous nats-0 -c nats | tail -50",
	},
}

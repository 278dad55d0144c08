package finding

import "github.com/natsops/nats-connections-datasource/pkg/reason"

// The ids of rules about the lives of servers.
const (
	ServerRestart = "server_restart"
	NotBack       = "not_back"
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
	{
		ID: NotBack, Title: "Not back", Severity: reason.Warning, SystemOnly: true,
		Thresholds: []Threshold{
			{"minutes", 5, 0, 1440, "minutes", "How long a client may take to come back after its server restarted"},
		},
		Meaning: "Clients left with a server that restarted, planned or not, and were not seen on any server since. Pods of new names count as back, " +
			"and apps of which about as many also stay away by themselves are left out: jobs, laptops, pods that are removed when there is less to do. " +
			"Who closed its connection while others of its app are there was most likely removed, and is only info. " +
			"Nothing is told while a server is silent, since they may be there.",
		Remedy: "Look whether the app runs. Clients that give up after some attempts need a restart, and should be told to try for ever.",
		Step:   "nats.MaxReconnects(-1), nats.RetryOnFailedConnect(true)",
	},
}

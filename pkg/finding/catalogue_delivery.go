package finding

import "github.com/natsops/nats-connections-datasource/pkg/reason"

// The ids of rules about what is queued for clients.
const (
	SlowConsumer  = "slow_consumer"
	FallingBehind = "falling_behind"
	FabricSlow    = "fabric_slow"
)

var deliveryRules = []Rule{
	{
		ID: SlowConsumer, Title: "Slow consumer", Severity: reason.Critical,
		Thresholds: []Threshold{
			{"stalled", 2, 1, 1000, "stops", "Stops of one instance by write deadline within an hour, or of a fifth of the app, from which on it is more than peers that vanished, such as laptops that fell asleep"},
		},
		Meaning: "Servers cut an app off because it read more slowly than messages came for it, and threw away what was queued. " +
			"Core NATS subscribers lost these messages; JetStream delivers again what was not acknowledged.",
		Remedy: "Make the subscriber faster or spread its load over a queue group; where nothing may be lost, read from JetStream with acknowledgements.",
		Step:   `nc.QueueSubscribe("orders.*", "workers", handle)`,
	},
	{
		ID: FallingBehind, Title: "Falling behind", Severity: reason.Warning,
		Thresholds: []Threshold{
			{"percent", 50, 1, 100, "percent", "How much of its server's max_pending waits for an open connection, at two looks in a row"},
			{"megabytes", 32, 1, 65536, "MB", "The same where the server does not tell its max_pending, as to a login that may not ask for VARZ; it is 64 MB unless it says otherwise"},
		},
		Meaning: "Open connections read more slowly than messages come for them: if that goes on they are cut off as slow consumers, and messages are lost.",
		Remedy:  "Make the subscriber faster, or spread its load, before it is cut off.",
		Step:    `nats server request connections --sort pending --limit 10`,
	},
	{
		ID: FabricSlow, Title: "Slow fabric", Severity: reason.Critical, SystemOnly: true,
		Thresholds: []Threshold{
			{"reads", 3, 1, 1000, "reads", "In how many reads of one spell it is seen to be critical; another server that vanishes is seen in one or two, and is a warning"},
		},
		Meaning: "Connections between servers are slow consumers themselves: routes, gateways or leafnodes. What was queued for them is lost, " +
			"whoever sent it: no client is to blame, and every account may be hurt. Servers count these, but keep no record of routes and gateways.",
		Remedy: "Look at the server on the other end and at the network in between: is it overloaded, frozen or gone, is the link too narrow? " +
			"The server's log says which connection it was.",
		Step: `grep "Slow Consumer" nats-server.log | grep -E " (rid|gid|lid):"`,
	},
}

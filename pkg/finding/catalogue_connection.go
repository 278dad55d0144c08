package finding

import "github.com/natsops/nats-connections-datasource/pkg/reason"

// The ids of rules about how connections end and what opens them.
const (
	TLSFailing      = "tls_failing"
	Stale           = "stale"
	Flapping        = "flapping"
	Churn           = "churn"
	LimitHit        = "limit_hit"
	Protocol        = "protocol"
	DuplicateClient = "duplicate_client"
	Unnamed         = "unnamed"
	OldLibrary      = "old_library"
)

var connectionRules = []Rule{
	{
		ID: TLSFailing, Title: "TLS failing", Severity: reason.Critical, SystemOnly: true,
		Thresholds: []Threshold{
			{"handshakes", 3, 1, 1e6, "failed handshakes", "From how many of one address on it is told"},
			{"hosts", 5, 2, 1e6, "addresses", "How many fail within ten minutes on one server for its certificate to be the cause"},
		},
		Meaning: "TLS handshakes fail. On one address its trust store is wrong or its protocols are too old; on many addresses at once the certificate of the server changed or expired. Handshakes that fail at regular intervals at each server are mostly probes that never speak TLS, and only info: those of all addresses are told as one. From where clients got in that have not been back since, they are no probes.",
		Remedy:  "Look at the certificate that the server shows and until when it is valid; give hosts the authority that signed it.",
		Step:    `python3 -c 'import socket,ssl;s=socket.create_connection(("SERVER",4222));s.recv(65536);c=ssl._create_unverified_context().wrap_socket(s);print(ssl.DER_cert_to_PEM_cert(c.getpeercert(True)))' | openssl x509 -noout -subject -issuer -dates`,
	},
	{
		ID: Stale, Title: "Stale connections", Severity: reason.Warning,
		Thresholds: []Threshold{
			{"clients", 5, 1, 1e6, "connections", "How many of one address vanish within ten minutes, a fifth of its connections at least, for its host to have died"},
			{"hosts", 5, 2, 1e6, "addresses", "How many vanish within ten minutes on one server, a fifth of its connections at least, for the network to be cut; of several servers it takes twice as many"},
		},
		Meaning: "Peers stopped answering: all of one host, which died, or many hosts of one server, between which the network was cut. Some that lived equally long are most likely forgotten by a proxy. A few that vanish, such as laptops whose lids are closed, are no finding.",
		Remedy:  "Look at the host, or at what lies between the hosts and the server. Clients with their own pings notice sooner.",
		Step:    `nats.PingInterval(20 * time.Second), nats.MaxPingsOutstanding(3)`,
	},
	{
		ID: Flapping, Title: "Flapping clients", Severity: reason.Warning,
		Thresholds: []Threshold{
			{"per_hour", 5, 2, 1e5, "stops an hour", "How often one instance has to lose its connection, several within a second counted once"},
		},
		Meaning: "The same instances lose their connection again and again: a process that crashes in a loop, a proxy that cuts connections, a bad link.",
		Remedy:  "Compare the period with timeouts on the way (proxies, firewalls, load balancers) and with restarts of the process.",
		Step:    `kubectl get pods -o wide --sort-by=.status.containerStatuses[0].restartCount`,
	},
	{
		ID: Churn, Title: "Connection churn", Severity: reason.Warning,
		Thresholds: []Threshold{
			{"in_five_minutes", 200, 20, 1e6, "connections", "How many short connections of an app in five minutes, ten of each client at least"},
			{"storm", 100, 20, 1e6, "stops", "How many stops of an app in five minutes after a server restarted, three of each of ten clients at least"},
		},
		Meaning: "Connections come and go by the second: an app connects for each request, health checks open the port, or clients reconnect in a storm after a server went.",
		Remedy:  "Connect once and keep the connection: it is safe for concurrent use and reconnects by itself. Against storms, let clients wait for a random time.",
		Step:    `nats.ReconnectJitter(500*time.Millisecond, 2*time.Second)`,
	},
	{
		ID: LimitHit, Title: "Limit hit", Severity: reason.Warning,
		Thresholds: []Threshold{
			{"stops", 1, 1, 1e6, "stops", "From how many on it is told"},
		},
		Meaning: "Connections were refused or cut because of a limit: of connections of the server or the account, of the size of a message or a control line, of subscriptions. The value is named where it is the server's; what an account allows is not read.",
		Remedy:  "Find out whether the app does what it should; only then raise the limit in the server or the account.",
		Step:    `nats account info`,
	},
	{
		ID: Protocol, Title: "Foreign protocol", Severity: reason.Warning, SystemOnly: true,
		Thresholds: []Threshold{
			{"stops", 3, 1, 1e6, "stops", "From how many of one app or address on it is told"},
		},
		Meaning: "Clients do not speak NATS, or not properly: a wrong port, an old or broken library, a port scan. What comes at regular intervals, or never says a word, is mostly a probe, and only info: those of all addresses are told as one.",
		Remedy:  "Find out whose address it is; let no client port face the internet.",
		Step:    `lsof -i :4222`,
	},
	{
		ID: DuplicateClient, Title: "Duplicate client id", Severity: reason.Warning,
		Thresholds: []Threshold{
			{"per_hour", 5, 2, 1e5, "stops an hour", "How often clients of one id replace each other; now and then it is a device that reconnects"},
		},
		Meaning: "MQTT clients with the same client id take each other over again and again, so that neither stays connected.",
		Remedy:  "Give each device an id of its own.",
		Step:    `client_id = "device-" + serial_number`,
	},
	{
		ID: Unnamed, Title: "Unnamed connections", Severity: reason.Info,
		Thresholds: []Threshold{
			{"connections", 10, 1, 1e6, "connections", "How many open ones of one account and address have no name"},
			{"percent", 50, 1, 100, "percent", "Of which share of its connections on"},
		},
		Meaning: "Clients connect without a name, so that nobody can tell whose a stop is.",
		Remedy:  "Give each client the name of its app and instance.",
		Step:    `nats.Connect(url, nats.Name("billing-" + hostname))`,
	},
	{
		ID: OldLibrary, Title: "Old client library", Severity: reason.Info,
		Thresholds: []Threshold{
			{"minors", 10, 1, 1000, "minor releases", "How far behind the newest of the same language in this system; another major release always is"},
		},
		Meaning: "Apps use a client library that is far behind what others of the same language use here.",
		Remedy:  "Update the library.",
		Step:    `go get github.com/nats-io/nats.go@latest`,
	},
}

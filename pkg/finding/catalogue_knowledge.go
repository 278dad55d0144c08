package finding

import "github.com/natsops/nats-connections-datasource/pkg/reason"

// The ids of rules about what keeps this data source from knowing.
const (
	RecordsLost    = "records_lost"
	ServerSilent   = "server_silent"
	ClockOff       = "clock_off"
	ServerUnlisted = "server_unlisted"
)

var knowledgeRules = []Rule{
	{
		ID: ServerSilent, Title: "Server silent", Severity: reason.Warning,
		Thresholds: []Threshold{
			{"minutes", 5, 0, 1440, "minutes", "How long a server may not answer; a restart takes less"},
		},
		Meaning: "A server does not answer this data source. Its stops are missing everywhere meanwhile, and those that its ring drops are lost.",
		Remedy:  "Check that the server runs and that Grafana reaches it. If it was removed for good, take its address out of the settings, or forget it there.",
		Step:    "curl -s http://SERVER:8222/healthz",
	},
	{
		ID: RecordsLost, Title: "Records lost", Severity: reason.Warning, SystemOnly: true,
		Thresholds: []Threshold{
			{"stops", 1, 1, 1e9, "stops", "From how many lost records on it is told"},
		},
		Meaning: "More connections stopped between two reads than the server keeps in memory, so what is counted of that time is too little.",
		Remedy: "Find out what stops so often (the finding churn tells, if it is one app). Read in the background, or raise max_closed_clients, " +
			"which takes a restart.",
		Step: "max_closed_clients: 50000",
	},
	{
		ID: ClockOff, Title: "Clock off", Severity: reason.Warning,
		Thresholds: []Threshold{
			{"seconds", 5, 2, 86400, "seconds", "How far the clocks of a server and of Grafana are apart"},
		},
		Meaning: "The clock of a server is wrong, or that of Grafana is. Times are corrected here, but tokens expire too soon or too late, and logs do not fit together.",
		Remedy:  "Let both be set by the same source of time.",
		Step:    `chronyc tracking`,
	},
	{
		ID: ServerUnlisted, Title: "Server not listed", Severity: reason.Warning, SystemOnly: true,
		Meaning: "A cluster has members that this data source does not read, so that nothing is known of their connections.",
		Remedy:  "Add their monitoring URLs to the settings, resolve all addresses of a headless service, or read over the system account.",
		Step:    `nats server list`,
	},
}

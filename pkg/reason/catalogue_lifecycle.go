package reason

var lifecycleReasons = []Reason{
	{
		Text: "Client Closed", Category: CategoryClient, Class: Planned, Severity: Info,
		Loss: LossMaybe, Since: "2.0.0", Listed: true,
		Meaning: "The client's side ended the connection: it closed, drained or its process was killed; a reload that removes " +
			"its user or moves its account ends connections so too.",
		Remedy: "Nothing, unless many stop at once: then look for crashing or restarting clients, since a killed process looks " +
			"like an orderly close.",
	},
	{
		Text: "Duplicate Client ID", Category: CategoryClient, Class: Unexpected, Severity: Warning,
		Loss: LossMaybe, Since: "2.2.0", Listed: true,
		Meaning: "Another MQTT client connected with the same client ID and took over the session.",
		Remedy:  "Give every MQTT client an ID of its own; when two share one they keep closing each other.",
	},
	{
		Text: "Server Shutdown", Category: CategoryShutdown, Class: Planned, Severity: Info,
		Loss: LossMaybe, Since: "2.0.0", Listed: true,
		Meaning: "The server went into lame duck mode and closed the connection so that the client moves on; a plain shutdown " +
			"ends the monitoring port first and leaves no record.",
		Remedy: "Nothing during a rolling upgrade: the clients should be back on other servers. Otherwise find out why the " +
			"server was stopped.",
	},
	{
		Text: "Kicked", Category: CategoryAdmin, Class: Planned, Severity: Info,
		Loss: LossMaybe, Since: "2.10.0", Listed: true,
		Meaning: "Somebody with system account credentials told the server to close this connection.",
		Remedy:  "Nothing if it was meant; otherwise review who holds system account credentials.",
	},
	{
		Text: "Credentials Revoked", Category: CategoryAdmin, Class: Planned, Severity: Warning,
		Loss: LossNo, Since: "2.0.4", Listed: true,
		Meaning: "The user's credentials were revoked in its account while it was connected.",
		Remedy:  "Nothing if it was meant; otherwise issue new credentials to the client.",
	},
}

// Servers list neither routes, gateways nor internal clients among closed
// connections; these are here so that the catalogue is whole.
var clusterReasons = []Reason{
	{
		Text: "Duplicate Route", Category: CategoryCluster, Class: Planned, Severity: Info, Loss: LossNo, Since: "2.0.0",
		Meaning: "Two servers of a cluster had connected to each other twice, and one of the two routes was closed.",
		Remedy:  "Nothing: it is how a cluster forms.",
	},
	{
		Text: "Route Removed", Category: CategoryCluster, Class: Planned, Severity: Info, Loss: LossNo, Since: "2.0.0",
		Meaning: "A configuration reload removed or changed a route between servers.",
		Remedy:  "Nothing if the change was meant.",
	},
	{
		Text: "Internal Client", Category: CategoryCluster, Class: Planned, Severity: Info, Loss: LossNo, Since: "2.2.0",
		Meaning: "The server ended a client of its own, used for work inside an account.",
		Remedy:  "Nothing: it concerns no one outside the server.",
	},
	{
		Text: "Duplicate Server Name", Category: CategoryCluster, Class: Planned, Severity: Error, Loss: LossNo, Since: "2.8.0",
		Meaning: "Another server of the system has the same name, so the route or gateway between them was refused.",
		Remedy:  "Give every server a name of its own.",
	},
}

package reason

var protocolReasons = []Reason{
	{
		Text: "Protocol Violation", Category: CategoryProtocol, Class: Unexpected, Severity: Warning,
		Loss: LossPublishes, Since: "2.0.0", Listed: true,
		Meaning: "The peer sent something that is not the protocol: a malformed command or MQTT packet, a bad PROXY header, or, " +
			"from a leafnode, a loop or a permission violation.",
		Remedy: "Look at the server's log for the offending bytes: it is usually a faulty client library, a foreign protocol on " +
			"the port, or leafnodes connected in a loop.",
	},
	{
		Text: "Parse Error", Category: CategoryProtocol, Class: Unexpected, Severity: Warning,
		Loss: LossMaybe, Since: "2.0.0", Listed: true,
		Meaning: "The client reported an error (-ERR) to the server, which then closed the connection.",
		Remedy:  "Look at the server's log for the client's message, and update or fix the client library.",
	},
	{
		Text: "Bad Client Protocol Version", Category: CategoryProtocol, Class: Unexpected, Severity: Warning,
		Loss: LossNo, BeforeLogin: true, Since: "2.0.0", Listed: true,
		Meaning: "The client asked for a protocol version that the server does not speak.",
		Remedy:  "Update the client library or the server so that their versions fit.",
	},
	{
		Text: "No Responders Requires Headers", Category: CategoryProtocol, Class: Unexpected, Severity: Warning,
		Loss: LossNo, BeforeLogin: true, Since: "2.2.0", Listed: true,
		Meaning: "The client asked for no-responders answers without supporting headers, which they need.",
		Remedy:  "Switch headers on in the client, or no_responders off. A server that has headers switched off refuses both.",
	},
	{
		Text: "Message Header Violation", Category: CategoryProtocol, Class: Unexpected, Severity: Warning,
		Loss: LossNo, Since: "2.2.0",
		Meaning: "Reserved for invalid message headers; no released server closes a connection with it.",
		Remedy:  "If you see it, look at the server's log around the time of the stop.",
	},
}

var leafnodeReasons = []Reason{
	{
		Text: "Incorrect Port", Category: CategoryConfig, Class: Unexpected, Severity: Warning,
		Loss: LossNo, BeforeLogin: true, Since: "2.0.0", Listed: true,
		Meaning: "A client connected to the leafnode port, or a leafnode to a port that is not for leafnodes.",
		Remedy: "Correct the port in the client's or leafnode's URL. With authentication on, servers may report " +
			"Authentication Failure instead.",
	},
	{
		Text: "Wrong Gateway", Category: CategoryConfig, Class: Unexpected, Severity: Warning,
		Loss: LossNo, BeforeLogin: true, Since: "2.0.0", Listed: true,
		Meaning: "A gateway connected to the leafnode port.",
		Remedy:  "Correct the port in the gateway's URL.",
	},
	{
		Text: "Missing Account", Category: CategoryConfig, Class: Unexpected, Severity: Warning,
		Loss: LossNo, BeforeLogin: true, Since: "2.0.0", Listed: true,
		Meaning: "The account that a leafnode connection is bound to could not be found.",
		Remedy:  "Check the account in the leafnode's configuration, and that the account resolver has and serves its JWT.",
	},
	{
		Text: "Cluster Name Conflict", Category: CategoryConfig, Class: Unexpected, Severity: Warning,
		Loss: LossNo, Since: "2.2.0", Listed: true,
		Meaning: "The server's cluster name changed, so it closed the leafnode connections it had made under the old name.",
		Remedy:  "Give every server of the cluster the same explicit cluster name; the leafnodes reconnect by themselves.",
	},
	{
		Text: "Cluster Names Identical", Category: CategoryConfig, Class: Unexpected, Severity: Error,
		Loss: LossNo, BeforeLogin: true, Since: "2.9.0", Listed: true,
		Meaning: "A leafnode's cluster has the same name as the cluster that it connects to, so it was refused.",
		Remedy:  "Give the leafnode's cluster a name of its own.",
	},
	{
		Text: "Minimum Version Required", Category: CategoryConfig, Class: Unexpected, Severity: Warning,
		Loss: LossNo, BeforeLogin: true, Since: "2.8.0", Listed: true,
		Meaning: "A leafnode's server is older than the minimum version that this server accepts.",
		Remedy:  "Update the leafnode's server, or lower min_version of the leafnodes block.",
	},
	{
		Text: "Duplicate Remote LeafNode Connection", Category: CategoryClient, Class: Unexpected, Severity: Warning,
		Loss: LossNo, Since: "2.2.0", Listed: true,
		Meaning: "The same remote server connected as a leafnode again for the same account, and the older connection was closed.",
		Remedy:  "If it repeats, look for two servers with one name or a remote that is configured twice.",
	},
}

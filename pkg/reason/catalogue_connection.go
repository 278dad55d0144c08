package reason

var deliveryReasons = []Reason{
	{
		Text: "Slow Consumer (Pending Bytes)", Category: CategorySlowConsumer, Class: Unexpected, Severity: Critical,
		Loss: LossYes, PendingIsLoss: true, Since: "2.0.0", Listed: true,
		Meaning: "The client read more slowly than messages arrived for it until more than max_pending bytes were queued, " +
			"so the server threw the queue away and closed the connection.",
		Remedy: "Make the subscriber faster or spread its load over a queue group, and use JetStream with acknowledgements " +
			"where nothing may be lost. Raising max_pending only helps against short bursts.",
	},
	{
		Text: "Slow Consumer (Write Deadline)", Category: CategorySlowConsumer, Class: Unexpected, Severity: Critical,
		Loss: LossYes, PendingIsLoss: true, Since: "2.0.0", Listed: true,
		Meaning: "The server could not write to the socket within write_deadline because the client or the network had " +
			"stopped taking data, so it threw away what was queued and closed the connection.",
		Remedy: "Look for a stalled client process, a saturated link or a silent network failure between the two. " +
			"Raise write_deadline only for clients that are slow by nature.",
	},
}

var authReasons = []Reason{
	{
		Text: "Authentication Failure", Category: CategoryAuth, Class: Unexpected, Severity: Warning,
		Loss: LossNo, BeforeLogin: true, Since: "2.0.0", Listed: true,
		Meaning: "The server refused the credentials: wrong, missing or not allowed, made invalid by a configuration reload " +
			"or a changed signing key, or the first thing the client sent was not CONNECT.",
		Remedy: "Check which credentials the client named in the record really uses, and give rotated credentials to every " +
			"deployment. The user shown is the one it claimed to be.",
	},
	{
		Text: "Authentication Timeout", Category: CategoryAuth, Class: Unexpected, Severity: Warning,
		Loss: LossNo, BeforeLogin: true, Since: "2.0.0", Listed: true,
		Meaning: "The client opened a connection but did not log in within the server's authorization timeout.",
		Remedy: "Look for overloaded clients, a slow auth callout, or probes that open the port and say nothing. " +
			"Raise the authorization timeout only if logging in is slow by nature.",
	},
	{
		Text: "Authentication Expired", Category: CategoryAuth, Class: Unexpected, Severity: Warning,
		Loss: LossNo, Since: "2.0.0", Listed: true,
		Meaning: "The JWT of the user or of its account expired while the client was connected.",
		Remedy: "Issue new credentials before the old ones expire, and let clients load them again when they reconnect. " +
			"Mark this reason as planned if short-lived credentials are your design.",
	},
	{
		Text: "Proxy Not Trusted", Category: CategoryAuth, Class: Unexpected, Severity: Warning,
		Loss: LossNo, BeforeLogin: true, Since: "2.12.0", Listed: true,
		Meaning: "The connection came through a proxy whose key is not among the proxies that the server trusts.",
		Remedy:  "Add the proxy's public key to the server's trusted proxies, or find out who runs that proxy.",
	},
	{
		Text: "Proxy Required", Category: CategoryAuth, Class: Unexpected, Severity: Warning,
		Loss: LossNo, BeforeLogin: true, Since: "2.12.0", Listed: true,
		Meaning: "The user may only connect through a trusted proxy, and this connection did not.",
		Remedy:  "Point the client at the proxy, or lift the user's proxy requirement if it is not meant.",
	},
}

var transportReasons = []Reason{
	{
		Text: "Stale Connection", Category: CategoryTimeout, Class: Unexpected, Severity: Warning,
		Loss: LossMaybe, PendingIsLoss: true, Since: "2.0.0", Listed: true,
		Meaning: "The peer fell silent: two PINGs (ping_max) stayed unanswered when the third was due, with default settings " +
			"4 to 8 minutes after it vanished; a leafnode connection that never completed ends so too.",
		Remedy: "Look for a lost host, a network partition, a NAT or firewall that drops idle connections, or a frozen " +
			"process; a crashed process alone does not end this way. A shorter ping_interval notices it sooner.",
	},
	{
		Text: "Read Error", Category: CategoryNetwork, Class: Unexpected, Severity: Warning,
		Loss: LossIfPending, PendingIsLoss: true, Since: "2.0.0", Listed: true,
		Meaning: "Reading from the socket failed: the peer reset the connection, the network timed out, or an MQTT client " +
			"missed its keep-alive.",
		Remedy: "Look for crashed or killed clients, and for load balancers or firewalls that cut connections. For MQTT " +
			"clients, check the keep-alive interval.",
	},
	{
		Text: "Write Error", Category: CategoryNetwork, Class: Unexpected, Severity: Warning,
		Loss: LossIfPending, PendingIsLoss: true, Since: "2.0.0", Listed: true,
		Meaning: "Writing to the socket failed because the peer or the network had already dropped the connection.",
		Remedy:  "Look for crashed or killed clients, and for load balancers or firewalls that cut connections.",
	},
	{
		Text: "TLS Handshake Failure", Category: CategoryTLS, Class: Unexpected, Severity: Warning,
		Loss: LossNo, BeforeLogin: true, Since: "2.0.0", Listed: true,
		Meaning: "Client and server did not agree on TLS: an expired or untrusted certificate, no common version, a handshake " +
			"that took too long, a pinned certificate removed by a reload, or a plain TCP probe on a TLS port.",
		Remedy: "Check the certificates and CA on both sides; the server's log names the cause. If the connection never said " +
			"who it is, it is probably a health probe: let it ask the monitoring port instead.",
	},
}

var limitReasons = []Reason{
	{
		Text: "Maximum Connections Exceeded", Category: CategoryLimits, Class: Unexpected, Severity: Error,
		Loss: LossNo, BeforeLogin: true, Since: "2.0.0", Listed: true,
		Meaning: "The server had as many connections as max_connections allows, or throttled TLS connections, and refused " +
			"this one.",
		Remedy: "Look for clients that leak connections or reconnect in a loop, then raise max_connections or add servers.",
	},
	{
		Text: "Maximum Account Connections Exceeded", Category: CategoryLimits, Class: Unexpected, Severity: Error,
		Loss: LossNo, Since: "2.0.0", Listed: true,
		Meaning: "The account or user had as many connections as its limit allows; lowering the limit or connections to " +
			"other servers can also close one that was open.",
		Remedy: "Look for clients of this account that leak connections or reconnect in a loop, then raise the limit.",
	},
	{
		Text: "Maximum Message Payload Exceeded", Category: CategoryLimits, Class: Unexpected, Severity: Error,
		Loss: LossPublishes, Since: "2.0.0", Listed: true,
		Meaning: "The client, or a leafnode, published a message larger than max_payload.",
		Remedy: "Make the publisher split its messages or store large data in the object store. Raise max_payload only if " +
			"the whole system can carry it.",
	},
	{
		Text: "Maximum Control Line Exceeded", Category: CategoryLimits, Class: Unexpected, Severity: Error,
		Loss: LossPublishes, Since: "2.0.0", Listed: true,
		Meaning: "The client sent a protocol line longer than max_control_line, usually a very long subject or CONNECT options.",
		Remedy:  "Shorten the subjects or credentials that the client sends, or raise max_control_line.",
	},
	{
		Text: "Maximum Subscriptions Exceeded", Category: CategoryLimits, Class: Unexpected, Severity: Warning,
		Loss: LossNo, Since: "2.0.0", Listed: true,
		Meaning: "New limits were applied to a client that already had more subscriptions than they allow; a subscription " +
			"beyond the limit alone is refused and closes nothing.",
		Remedy: "Reduce the client's subscriptions, for example with wildcards, or raise the limit.",
	},
}

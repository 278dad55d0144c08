package reason

// nameless is what a server says when it does not know itself
// (nats-server.md#reasons-are-fixed-strings).
var nameless = Reason{
	Text: "Unknown State", Category: CategoryUnknown, Class: Unexpected, Severity: Warning, Loss: LossMaybe, Listed: true,
	Meaning: "The server closed the connection without a reason that it could name.",
	Remedy:  "Look at the server's log around the time of the stop.",
}

// unknown is a reason of a newer server than this build knows: it is shown as it
// came, and counts as unexpected.
func unknown(text string) Reason {
	return Reason{
		Text: text, Category: CategoryUnknown, Class: Unexpected, Severity: Warning, Loss: LossMaybe, Listed: true,
		Meaning: "This plugin does not know this reason; the server is probably newer than the plugin.",
		Remedy:  "Update the plugin, and look at the server's log around the time of the stop.",
		Link:    ReasonsPage,
	}
}

package finding

import "github.com/natsops/nats-connections-datasource/pkg/reason"

// The ids of rules about logins.
const (
	LoginTypo   = "login_typo"
	LoginBroken = "login_broken"
	LoginScan   = "login_scan"
	// CredentialsExpiringOut: they ended, and were not renewed.
	CredentialsExpiringOut = "credentials_expiring_out"
)

var loginRules = []Rule{
	{
		ID: LoginBroken, Title: "Login broken", Severity: reason.Critical, SystemOnly: true,
		Thresholds: []Threshold{
			{"per_hour", 50, 2, 1e6, "refused logins within an hour", "From how many on it is a deployment rather than a typo"},
		},
		Meaning: "An app is refused again and again: its credentials are wrong from the start, or were changed, expired or revoked without telling it. What several apps or names share is told of their user, what many users share of their app.",
		Remedy:  "Give the app the credentials that are valid now, and restart what does not load them again.",
		Step:    "nats server check credential --no-require-expiry --credential /path/to/user.creds",
	},
	{
		ID: LoginTypo, Title: "Login typo", Severity: reason.Info, SystemOnly: true,
		Meaning: "A few logins of one client were refused: mostly somebody who mistyped, or a tool with an old login.",
		Remedy:  "Nothing, unless it goes on; the records show which user was claimed, and from where.",
		Step:    "nats server check credential --no-require-expiry --credential /path/to/user.creds",
	},
	{
		ID: LoginScan, Title: "Login scan", Severity: reason.Warning, SystemOnly: true,
		Thresholds: []Threshold{
			{"names", 10, 3, 1e6, "users or names", "How many from one address are more than one deployment has; from as many on, an app or a user is told as one"},
		},
		Meaning: "One address tries many users or names, each a few times: somebody guesses logins, or a scanner looks for weak ones. An address from which more clients get in is shared by them, such as that of a carrier or an office, and is no scanner. Many addresses that try a few users without a name, and give up, are told as one.",
		Remedy:  "Find out whose address it is; block it in the firewall if nobody owns it, and let no client port face the internet.",
		Step:    "iptables -A INPUT -p tcp --dport 4222 -s ADDRESS -j DROP",
	},
	{
		ID: CredentialsExpiringOut, Title: "Credentials not renewed", Severity: reason.Critical, SystemOnly: true,
		Meaning: "A client was sent away because its credentials expired or were revoked, and came back with the same ones. Credentials that are renewed in time are no finding, however short they live, nor is a client that is refused a few times within a minute and then gets in.",
		Remedy:  "Issue new credentials, and let the client load them again whenever it reconnects.",
		Step:    `nats.UserCredentials("/path/to/user.creds") // is read again at each reconnect`,
	},
}

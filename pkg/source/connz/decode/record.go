package decode

// readers are the members of a record that are kept, and how each is read
// (nats-server.md#what-a-record-holds).
var readers = map[string]func(*decoder) error{
	"cid":              func(d *decoder) error { return d.unsigned(&d.row.CID) },
	"kind":             func(d *decoder) error { return d.string(&d.row.Kind, d.previous.Kind) },
	"type":             func(d *decoder) error { return d.string(&d.row.Type, d.previous.Type) },
	"ip":               func(d *decoder) error { return d.string(&d.row.IP, d.previous.IP) },
	"port":             func(d *decoder) error { return d.port(&d.row.Port) },
	"start":            func(d *decoder) error { return d.time(&d.row.Start) },
	"last_activity":    func(d *decoder) error { return d.time(&d.row.LastActivity) },
	"stop":             func(d *decoder) error { return d.time(&d.row.At) },
	"reason":           func(d *decoder) error { return d.string(&d.row.Reason, d.previous.Reason) },
	"rtt":              func(d *decoder) error { return d.duration(&d.row.RTT) },
	"pending_bytes":    func(d *decoder) error { return d.signed(&d.row.PendingBytes) },
	"in_msgs":          func(d *decoder) error { return d.signed(&d.row.InMsgs) },
	"out_msgs":         func(d *decoder) error { return d.signed(&d.row.OutMsgs) },
	"in_bytes":         func(d *decoder) error { return d.signed(&d.row.InBytes) },
	"out_bytes":        func(d *decoder) error { return d.signed(&d.row.OutBytes) },
	"subscriptions":    func(d *decoder) error { return d.signed(&d.row.Subscriptions) },
	"name":             func(d *decoder) error { return d.name(&d.row.Name, d.previous.Name) },
	"lang":             func(d *decoder) error { return d.string(&d.row.Lang, d.previous.Lang) },
	"version":          func(d *decoder) error { return d.string(&d.row.Version, d.previous.Version) },
	"authorized_user":  func(d *decoder) error { return d.string(&d.row.User, d.previous.User) },
	"account":          func(d *decoder) error { return d.string(&d.row.Account, d.previous.AccountID) },
	"name_tag":         func(d *decoder) error { return d.string(&d.nameTag, d.previous.Account) },
	"tls_version":      func(d *decoder) error { return d.string(&d.row.TLSVersion, d.previous.TLSVersion) },
	"tls_cipher_suite": func(d *decoder) error { return d.string(&d.row.TLSCipher, d.previous.TLSCipher) },
	"mqtt_client":      func(d *decoder) error { return d.string(&d.row.MQTTClient, d.previous.MQTTClient) },
}

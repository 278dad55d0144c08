package decode

import (
	"bytes"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// recordFields are the members of a record that are kept
// (nats-server.md#what-a-record-holds).
var recordFields = table([]field{
	{"cid", func(d *decoder) error { return d.unsigned(&d.row.CID) }},
	{"kind", func(d *decoder) error { return d.string(&d.row.Kind, d.previous.Kind) }},
	{"type", func(d *decoder) error { return d.string(&d.row.Type, d.previous.Type) }},
	{"ip", func(d *decoder) error { return d.string(&d.row.IP, d.previous.IP) }},
	{"port", func(d *decoder) error { return d.port(&d.row.Port) }},
	{"start", func(d *decoder) error { return d.time(&d.row.Start) }},
	{"last_activity", func(d *decoder) error { return d.time(&d.row.LastActivity) }},
	{"stop", func(d *decoder) error { return d.time(&d.row.At) }},
	{"reason", func(d *decoder) error { return d.string(&d.row.Reason, d.previous.Reason) }},
	{"rtt", func(d *decoder) error { return d.duration(&d.row.RTT) }},
	{"pending_bytes", func(d *decoder) error { return d.signed(&d.row.PendingBytes) }},
	{"in_msgs", func(d *decoder) error { return d.signed(&d.row.InMsgs) }},
	{"out_msgs", func(d *decoder) error { return d.signed(&d.row.OutMsgs) }},
	{"in_bytes", func(d *decoder) error { return d.signed(&d.row.InBytes) }},
	{"out_bytes", func(d *decoder) error { return d.signed(&d.row.OutBytes) }},
	{"subscriptions", func(d *decoder) error { return d.signed(&d.row.Subscriptions) }},
	{"name", func(d *decoder) error { return d.unique(&d.row.Name, d.previous.Name) }},
	{"lang", func(d *decoder) error { return d.string(&d.row.Lang, d.previous.Lang) }},
	{"version", func(d *decoder) error { return d.string(&d.row.Version, d.previous.Version) }},
	{"authorized_user", func(d *decoder) error { return d.string(&d.row.User, d.previous.User) }},
	{"account", func(d *decoder) error { return d.string(&d.row.Account, d.previous.AccountID) }},
	{"name_tag", func(d *decoder) error { return d.string(&d.nameTag, d.previous.Account) }},
	{"tls_version", func(d *decoder) error { return d.string(&d.row.TLSVersion, d.previous.TLSVersion) }},
	{"tls_cipher_suite", func(d *decoder) error { return d.string(&d.row.TLSCipher, d.previous.TLSCipher) }},
	{"mqtt_client", func(d *decoder) error { return d.unique(&d.row.MQTTClient, d.previous.MQTTClient) }},
})

// record reads one connection. Without a cid nobody could tell it from others,
// so that costs the record.
func (d *decoder) record() error {
	d.listed++
	if d.peek() != '{' {
		d.flaws.Add(0, Record)
		return d.skip()
	}
	d.rows = append(d.rows, model.Stop{})
	last := len(d.rows) - 1
	d.row, d.previous, d.nameTag = &d.rows[last], &d.rows[max(0, last-1)], ""
	d.unread = d.unread[:0]
	if err := d.members(); err != nil {
		return err
	}
	if d.row.CID == 0 {
		d.flaws.Add(0, Record)
		d.rows = d.rows[:last]
		return nil
	}
	d.flaws.Add(d.row.CID, d.unread...)
	d.rules.apply(&d.row.Connection, d.nameTag)
	return nil
}

// members reads one record. Servers write the members of all records in the
// same order and layout, so the bytes that led to a member of the record before
// are looked for first; anything else is parsed, and remembered.
func (d *decoder) members() error {
	d.pos++ // the brace
	for i := 0; ; i++ {
		if i < len(d.layout) && bytes.HasPrefix(d.data[d.pos:], d.layout[i].lead) {
			d.pos += len(d.layout[i].lead)
		} else {
			start := d.pos
			key, err := d.nextKey(i == 0)
			if err != nil || key == nil {
				return err
			}
			known := recordFields[string(key)]
			if known == nil {
				known = skipped
			}
			d.peek()
			d.layout = append(d.layout[:i], member{lead: d.data[start:d.pos], field: known})
		}
		if err := d.value(d.layout[i].field); err != nil {
			return err
		}
	}
}

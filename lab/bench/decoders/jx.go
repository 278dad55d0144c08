package main

import (
	"time"

	"github.com/go-faster/jx"
)

func (c *connection) read(d *jx.Decoder, key []byte) (err error) {
	switch string(key) {
	case "cid":
		c.CID, err = d.UInt64()
	case "kind":
		c.Kind, err = d.Str()
	case "type":
		c.Type, err = d.Str()
	case "ip":
		c.IP, err = d.Str()
	case "port":
		c.Port, err = d.Int()
	case "start":
		c.Start, err = readTime(d)
	case "last_activity":
		c.LastActivity, err = readTime(d)
	case "stop":
		c.Stop, err = readTime(d)
	case "reason":
		c.Reason, err = d.Str()
	case "rtt":
		c.RTT, err = d.Str()
	case "pending_bytes":
		c.PendingBytes, err = d.Int64()
	case "in_msgs":
		c.InMsgs, err = d.Int64()
	case "out_msgs":
		c.OutMsgs, err = d.Int64()
	case "in_bytes":
		c.InBytes, err = d.Int64()
	case "out_bytes":
		c.OutBytes, err = d.Int64()
	case "subscriptions":
		c.Subscriptions, err = d.Int64()
	case "name":
		c.Name, err = d.Str()
	case "lang":
		c.Lang, err = d.Str()
	case "version":
		c.Version, err = d.Str()
	case "authorized_user":
		c.AuthorizedUser, err = d.Str()
	case "account":
		c.Account, err = d.Str()
	default:
		err = d.Skip()
	}
	return err
}

func readTime(d *jx.Decoder) (time.Time, error) {
	raw, err := d.StrBytes()
	if err != nil {
		return time.Time{}, err
	}
	var t time.Time
	err = t.UnmarshalText(raw)
	return t, err
}

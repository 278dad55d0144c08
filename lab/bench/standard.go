package main

import "time"

// standardConnz is an answer as encoding/json would be asked for it: the same members
// as the data source keeps.
type standardConnz struct {
	ServerID    string       `json:"server_id"`
	Connections []connection `json:"connections"`
}

type connection struct {
	CID            uint64    `json:"cid"`
	Kind           string    `json:"kind"`
	Type           string    `json:"type"`
	IP             string    `json:"ip"`
	Port           int       `json:"port"`
	Start          time.Time `json:"start"`
	LastActivity   time.Time `json:"last_activity"`
	Stop           time.Time `json:"stop"`
	Reason         string    `json:"reason"`
	RTT            string    `json:"rtt"`
	PendingBytes   int64     `json:"pending_bytes"`
	InMsgs         int64     `json:"in_msgs"`
	OutMsgs        int64     `json:"out_msgs"`
	InBytes        int64     `json:"in_bytes"`
	OutBytes       int64     `json:"out_bytes"`
	Subscriptions  int64     `json:"subscriptions"`
	Name           string    `json:"name"`
	Lang           string    `json:"lang"`
	Version        string    `json:"version"`
	TLSVersion     string    `json:"tls_version"`
	TLSCipher      string    `json:"tls_cipher_suite"`
	AuthorizedUser string    `json:"authorized_user"`
	Account        string    `json:"account"`
	NameTag        string    `json:"name_tag"`
	MQTTClient     string    `json:"mqtt_client"`
}

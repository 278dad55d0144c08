package model

import "time"

// GlobalAccount is the account of connections that a server reports without
// one: its records leave the global account out (nats-server.md#the-global-account-is-left-out).
const GlobalAccount = "$G"

// NotLoggedIn is what the account is called of who never got in: nobody of the
// global account, which servers report, can be told to mend it (decision D7).
const NotLoggedIn = "(not logged in)"

// KindLeafnode is the kind of a leafnode connection.
const KindLeafnode = "Leafnode"

// Connection is one client or leafnode connection as its server reports it.
// Secrets a server may report beside it (JWT, certificates, tokens) have no
// field here on purpose.
type Connection struct {
	ServerID string
	// Server and Cluster are the server's names when it was read, App the
	// client's name without its instance suffix.
	Server, Cluster, App string
	// CID identifies the connection within ServerID.
	CID uint64
	// Account is what a person calls the account, AccountID what the server keys it by.
	Account, AccountID string
	// User is the claimed user, also after a failed login.
	User       string
	Name       string
	IP         string
	Port       int
	MQTTClient string
	Profile

	Start, LastActivity time.Time
	RTT                 time.Duration
	PendingBytes        int64
	// In and Out are the server's view: in is from the client.
	InMsgs, OutMsgs, InBytes, OutBytes int64
	Subscriptions                      int64
}

// Profile is what a connection shares with most others of its server.
type Profile struct {
	Kind                  string // "Client" or "Leafnode"
	Type                  string // "nats", "websocket", "mqtt"; empty for leafnodes
	Lang, Version         string
	TLSVersion, TLSCipher string
}

// Identified reports whether the connection ever said who it is; port scans and
// load-balancer probes do not. MQTT clients tell neither library nor name.
func (c *Connection) Identified() bool {
	return c.Lang != "" || c.Version != "" || c.Called() != "" || c.User != ""
}

// Called is the name that the client goes by: MQTT has client ids in its place.
func (c *Connection) Called() string {
	if c.Name == "" {
		return c.MQTTClient
	}
	return c.Name
}

// Stop is a connection that its server closed or saw closing.
type Stop struct {
	Connection
	Reason string
	// At is when the connection stopped: as its server told it until it is kept, and
	// by our clock from then on. ServerAt is what the server told.
	At, ServerAt time.Time
}

// Duration is how long the connection was there, as far as its server told.
func (s *Stop) Duration() time.Duration {
	if s.Start.IsZero() {
		return 0
	}
	return max(s.At.Sub(s.Start), 0)
}

// OpenConnection is an open connection with its server's clock, which its
// ages are counted by.
type OpenConnection struct {
	*Connection
	Now time.Time
}

// Idle is how long nothing was heard of the connection.
func (c OpenConnection) Idle() time.Duration { return c.since(c.LastActivity) }

// Duration is how long the connection has been open.
func (c OpenConnection) Duration() time.Duration { return c.since(c.Start) }

// since is how long ago something was. What came while a list was made was not
// before it, and what cannot be read was not long ago.
func (c OpenConnection) since(then time.Time) time.Duration {
	if then.IsZero() || c.Now.IsZero() {
		return 0
	}
	return max(c.Now.Sub(then), 0)
}

// Hidden stands for the name of a user that is not to be known.
const Hidden = "(hidden)"

// HidePeople takes out who somebody is, and where; the client's name stays.
func (c *Connection) HidePeople() {
	if c.User != "" {
		c.User = Hidden
	}
	c.IP, c.Port = "", 0
}

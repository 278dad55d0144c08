package natsrequest

// subjectStatsz asks all servers for their counters (nats-server.md#who-a-server-is).
const subjectStatsz = "$SYS.REQ.SERVER.PING.STATSZ"

// subjectVarz asks all servers how they are set up.
const subjectVarz = "$SYS.REQ.SERVER.PING.VARZ"

// subjectConnz asks one server for its connections.
func subjectConnz(serverID string) string { return "$SYS.REQ.SERVER." + serverID + ".CONNZ" }

// subjectAccount asks all servers about the account of whoever asks, whatever
// the request says (nats-server.md#an-account-asks-about-itself). For the system account it is
// about one called PING, so that its login shows nobody else here.
const subjectAccount = "$SYS.REQ.ACCOUNT.PING.CONNZ"

// subjectDisconnect is where servers tell the system account of stops
// (nats-server.md#stops-are-told).
const subjectDisconnect = "$SYS.ACCOUNT.*.DISCONNECT"

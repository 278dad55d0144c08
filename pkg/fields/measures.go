package fields

import (
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// Measure is a number that stops, open connections or servers are measured by. Its
// name is also that of a column and of a value field, so its spelling is stable. A
// missing accessor means that what it looks at does not have the number.
type Measure struct {
	Name    string
	Heading string
	// Unit is Grafana's name of it.
	Unit string
	Help string
	// Combine is how groups that are folded or grouped further combine theirs.
	Combine Combine
	// Counts: it is how many records there are.
	Counts bool
	// TableOnly: tables have it as a column, but no query asks for it.
	TableOnly bool
	// Moment: it is a time, in milliseconds since 1970, which a group without
	// records has not.
	Moment bool

	Stop func(*model.Stop, *reason.Classifier) int64
	// Open is the number of an open connection.
	Open func(*model.Connection) int64
	// OfFindings: findings have it.
	OfFindings bool
	// Server is the number of a server, over a range if it depends on one; told is
	// false where nobody knows.
	Server func(*ledger.ServerState, model.TimeRange) (number int64, told bool)
}

// Combine makes one number of two groups' numbers.
type Combine func(a, b int64) int64

// Names that code asks for.
const (
	StopCount    = "stops"
	BytesLostMin = "bytes_lost_min"
	// LastSeen is a time: a column of tables of stops, and a number of totals.
	LastSeen = "last_seen"
)

// Measures has every number once, in the order in which editors and tables list them.
var Measures = []Measure{
	{Name: StopCount, Heading: "Stops", Unit: "short", Help: "How many connections stopped", Combine: sum, Counts: true,
		Stop: func(*model.Stop, *reason.Classifier) int64 { return 1 }},
	{Name: BytesLostMin, Heading: "Bytes lost (at least)", Unit: "bytes",
		Help: "What servers threw away with the connections", Combine: sum, Stop: BytesLost},

	{Name: "connections", Heading: "Connections", Unit: "short", Help: "How many connections are open", Combine: sum, Counts: true,
		Open: func(*model.Connection) int64 { return 1 }},
	{Name: "pending_bytes", Heading: "Pending bytes", Unit: "bytes", Help: "Queued for clients, not sent yet", Combine: sum,
		Open: func(c *model.Connection) int64 { return c.PendingBytes }},
	{Name: "subscriptions", Heading: "Subscriptions", Unit: "short", Help: "How many subscriptions they have", Combine: sum,
		Open: func(c *model.Connection) int64 { return c.Subscriptions }},
	{Name: "in_msgs", Heading: "Messages in", Unit: "short", Help: "Received from clients since they connected", Combine: sum,
		Open: func(c *model.Connection) int64 { return c.InMsgs }},
	{Name: "out_msgs", Heading: "Messages out", Unit: "short", Help: "Queued for clients since they connected", Combine: sum,
		Open: func(c *model.Connection) int64 { return c.OutMsgs }},
	{Name: "in_bytes", Heading: "Bytes in", Unit: "bytes", Help: "Received from clients since they connected", Combine: sum,
		Open: func(c *model.Connection) int64 { return c.InBytes }},
	{Name: "out_bytes", Heading: "Bytes out", Unit: "bytes", Help: "Queued for clients since they connected", Combine: sum,
		Open: func(c *model.Connection) int64 { return c.OutBytes }},

	{Name: "open", Heading: "Open connections", Unit: "short", Help: "Connections open now", Combine: sum,
		Server: counted(func(s *ledger.ServerState) int64 { return s.Server.Open })},
	{Name: "total", Heading: "Connections since server start", Unit: "short", Help: "Connections since the server started", Combine: sum,
		Server: counted(func(s *ledger.ServerState) int64 { return s.Server.Total })},
	{Name: "answered", Heading: "Answered", Unit: "short", Help: "1 if the server answered, 0 if not", Combine: sum,
		Server: func(s *ledger.ServerState, _ model.TimeRange) (int64, bool) {
			if s.Answered {
				return 1, true
			}
			return 0, true
		}},
	{Name: "oldest_age", Heading: "Records reach back", Unit: "s",
		Help: "Age of the oldest kept record; of several servers, the least", Combine: least,
		Server: func(s *ledger.ServerState, _ model.TimeRange) (int64, bool) {
			// Without a record of its begin, nobody knows how far records reach back.
			return seconds(s.Coverage.Until.Sub(s.Coverage.Since)), s.Answered && !s.Coverage.Since.IsZero()
		}},
	{Name: "records_lost", Heading: "Records lost", Unit: "short", Help: "Dropped by the server before they could be read", Combine: sum,
		Server: func(s *ledger.ServerState, r model.TimeRange) (int64, bool) {
			// What was lost stays known while the server is away. An account is
			// told no counters, so nobody can know what it misses.
			return s.Coverage.LostIn(r), (s.Answered || s.Server.ID != "") && !s.Server.Uncounted
		}},
	{Name: "evicted_before", Heading: "Evicted before first contact", Unit: "short",
		Help: "Dropped by the server before the first contact", Combine: sum,
		Server: counted(func(s *ledger.ServerState) int64 { return s.Coverage.EvictedBefore })},
	{Name: "clock_offset", Heading: "Clock offset", Unit: "s",
		Help: "How far the server's clock is ahead of Grafana's; of several servers, the furthest", Combine: furthest,
		Server: func(s *ledger.ServerState, _ model.TimeRange) (int64, bool) {
			return int64(s.ClockOffset.Round(time.Second).Seconds()), s.Answered
		}},
	{Name: "unlisted", Heading: "Cluster members not listed", Unit: "short",
		Help: "Members of the server's cluster that are not read; of several servers, the most", Combine: most,
		Server: func(s *ledger.ServerState, _ model.TimeRange) (int64, bool) {
			unlisted := max(s.Unlisted, int64(len(s.Beside)))
			return unlisted, s.Answered && (s.Server.Members > 0 || unlisted > 0)
		}},
	{Name: "last_read", Heading: "Last read", Unit: "dateTimeAsIso", Help: "When the server last told its records", Combine: most, Moment: true,
		Server: func(s *ledger.ServerState, _ model.TimeRange) (int64, bool) {
			// One that was never read has no such time, but is there: a rule that asks
			// for it beside what it watches would be without data.
			if s.Coverage.Until.IsZero() {
				return 0, true
			}
			return s.Coverage.Until.UnixMilli(), true
		}},
	{Name: "uptime", Heading: "Uptime", Unit: "s", Help: "Since the server started; of several servers, the least", Combine: least, TableOnly: true,
		Server: counted(func(s *ledger.ServerState) int64 { return seconds(s.Server.Now.Sub(s.Server.Start)) })},

	{Name: "active", Heading: "Findings", Unit: "short", Help: "How many findings are not over", Combine: sum, OfFindings: true},
	{Name: "count", Heading: "Evidence", Unit: "short",
		Help: "What is counted of findings that are not over: stops, connections, restarts", Combine: sum, OfFindings: true},
	{Name: "lasting", Heading: "Lasting", Unit: "s",
		Help: "How long findings that are not over have lasted; of several, the longest", Combine: most, OfFindings: true},
	{Name: "instances", Heading: "Instances", Unit: "short",
		Help: "How many clients or servers it is about", Combine: sum, OfFindings: true, TableOnly: true},
	{Name: LastSeen, Heading: "Last seen", Unit: "dateTimeAsIso", Help: "When the last of them was", Combine: most,
		OfFindings: true, Moment: true},
}

// BytesLost is the least that was lost with the connection: what was
// pending when the reason says that the server threw it away.
func BytesLost(s *model.Stop, classifier *reason.Classifier) int64 {
	if classifier.Reason(s.Reason).PendingIsLoss {
		return s.PendingBytes
	}
	return 0
}

// counted is a number of servers that answered and tell their counters.
func counted(number func(*ledger.ServerState) int64) func(*ledger.ServerState, model.TimeRange) (int64, bool) {
	return func(s *ledger.ServerState, _ model.TimeRange) (int64, bool) {
		if !s.Answered || s.Server.Uncounted {
			return 0, false
		}
		return number(s), true
	}
}

// seconds of an age, which is never negative.
func seconds(age time.Duration) int64 { return max(int64(age.Seconds()), 0) }

func sum(a, b int64) int64 { return a + b }

// furthest is the number that is further from zero, with its sign.
func furthest(a, b int64) int64 {
	if max(a, -a) >= max(b, -b) {
		return a
	}
	return b
}

// least is the smaller number: together, servers are as old as the youngest.
func least(a, b int64) int64 { return min(a, b) }

// most is the larger number: servers of one cluster tell the same.
func most(a, b int64) int64 { return max(a, b) }

// MeasureOf is the measure of that name. Metrics are validated where queries are
// decoded, so a name that the table does not have is a mistake of ours.
func MeasureOf(name string) *Measure {
	for i := range Measures {
		if Measures[i].Name == name {
			return &Measures[i]
		}
	}
	panic("no measure is called " + name)
}

// The numbers of stops, of open connections, of servers and of findings.
var (
	FindingMeasures = measuresWith(func(m *Measure) bool { return m.OfFindings })
	StopMeasures    = measuresWith(func(m *Measure) bool { return m.Stop != nil })
	OpenMeasures    = measuresWith(func(m *Measure) bool { return m.Open != nil })
	ServerMeasures  = measuresWith(func(m *Measure) bool { return m.Server != nil })
)

func measuresWith(has func(*Measure) bool) []*Measure {
	var measures []*Measure
	for i := range Measures {
		if has(&Measures[i]) {
			measures = append(measures, &Measures[i])
		}
	}
	return measures
}

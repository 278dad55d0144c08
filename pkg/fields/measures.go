package fields

// Combine makes one number of two groups' numbers.
type Combine func(a, b int64) int64

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

// Measure is a number that records, connections or servers are measured by. Its
// name is also that of a column and of a value field, so its spelling is stable.
type Measure struct {
	Name    string
	Heading string
	// Unit is Grafana's name of it.
	Unit string
	Help string
	// Combine is how groups that are folded or grouped further combine theirs.
	Combine Combine
}

// Measures has every number once; see the table's test for what each must tell.
var Measures = []Measure{
	{"stops", "Stops", "short", "How many connections stopped", sum},
	{"bytes_lost_min", "Bytes lost (at least)", "bytes", "What servers threw away with the connections", sum},
	{"connections", "Connections", "short", "How many connections are open", sum},
	{"pending_bytes", "Pending bytes", "bytes", "Queued for clients, not sent yet", sum},
	{"subscriptions", "Subscriptions", "short", "How many subscriptions they have", sum},
	{"in_msgs", "Messages in", "short", "Received from clients since they connected", sum},
	{"out_msgs", "Messages out", "short", "Queued for clients since they connected", sum},
	{"in_bytes", "Bytes in", "bytes", "Received from clients since they connected", sum},
	{"out_bytes", "Bytes out", "bytes", "Queued for clients since they connected", sum},
	{"open", "Open connections", "short", "Connections open now", sum},
	{"total", "Connections since server start", "short", "Connections since the server started", sum},
	{"answered", "Answered", "short", "1 if the server answered, 0 if not", sum},
	{"oldest_age", "Records reach back", "s", "Age of the oldest kept record; of several servers, the least", least},
	{"records_lost", "Records lost", "short", "Dropped by the server before they could be read", sum},
	{"evicted_before", "Evicted before first contact", "short", "Dropped by the server before the first contact", sum},
	{"clock_offset", "Clock offset", "s", "How far the server's clock is ahead of Grafana's; of several servers, the furthest", furthest},
	{"uptime", "Uptime", "s", "Since the server started; of several servers, the least", least},
	{"share", "Share", "percentunit", "Of the sum of all groups", sum},
}

var measuresByName = func() map[string]Measure {
	byName := make(map[string]Measure, len(Measures))
	for _, m := range Measures {
		byName[m.Name] = m
	}
	return byName
}()

// MeasureOf is the measure of that name; one that the table does not have sums up.
func MeasureOf(name string) Measure {
	if m, known := measuresByName[name]; known {
		return m
	}
	return Measure{Name: name, Combine: sum}
}

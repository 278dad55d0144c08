package plugin

import (
	"fmt"
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/chronicle"
	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/frames"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/notices"
	"github.com/natsops/nats-connections-datasource/pkg/query"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// queryType is what it takes to answer the queries of a type.
type queryType struct {
	// need must have been read.
	need func(query.Query) need
	// beside must have been read too, apart: it may be older. Nil means nothing.
	beside func(query.Query, query.Policy) need
	// tellsSilence: that no server answers is what such a query is there to tell.
	tellsSilence bool
	answer       func(answerer) (*data.Frame, error)
}

var queryTypes = map[query.Type]queryType{
	query.Stops:       {need: always(need{lists: lists{closed: true}}), beside: whoIsBack, answer: answerer.stops},
	query.Connections: {need: needOfConnections, answer: aboutConnections},
	query.Servers:     {need: always(need{lists: lists{closed: true}}), answer: aboutServers, tellsSilence: true},
	query.Findings:    {need: always(need{lists: lists{closed: true}}), beside: whoIsOpen, answer: answerer.findings},
	query.Values:      {need: always(need{lists: lists{closed: true, open: true}, freshness: known}), answer: answerer.values},
}

func aboutServers(a answerer) (*data.Frame, error) {
	switch a.ctx.Query.View {
	case query.Events:
		return events(a)
	case query.TimeSeries:
		return overTime(a, serversOverTime)
	case query.Totals, query.Table, query.Records, query.Logs:
	}
	return a.servers()
}

func aboutConnections(a answerer) (*data.Frame, error) {
	if a.ctx.Query.View == query.TimeSeries {
		return overTime(a, connectionsOverTime)
	}
	return a.connections()
}

// Numbers that are kept over time, by the metrics that ask for them.
var (
	serversOverTime = map[query.Metric]chronicle.Number{
		"open": chronicle.Open, "total": chronicle.Total, "answered": chronicle.Answered,
	}
	connectionsOverTime = map[query.Metric]chronicle.Number{
		"connections": chronicle.Connections, "pending_bytes": chronicle.Slowest,
	}
)

// overTime answers from what reads told over time.
func overTime(a answerer, numbers map[query.Metric]chronicle.Number) (*data.Frame, error) {
	q := a.ctx.Query
	buckets, err := a.buckets()
	if err != nil {
		return nil, err
	}
	edges := make([]time.Time, buckets.Count+1)
	for i := range edges {
		edges[i] = buckets.Time(i)
	}
	found := a.past.Series(numbers[q.Metric], edges,
		func(m chronicle.Member) bool { return isWanted(m, q.Where) },
		func(m chronicle.Member) []string {
			texts := make([]string, len(q.GroupBy))
			for i, key := range q.GroupBy {
				texts[i] = valueOf(m, key)
			}
			return texts
		})
	shown := found[:min(len(found), a.limit().Most, maxNumbers/max(buckets.Count, 1))]
	groups, values := make([]engine.Group, len(shown)), make([][]*int64, len(shown))
	for i, one := range shown {
		values[i] = one.Values
		for at, text := range one.Labels {
			groups[i].Labels = append(groups[i].Labels, engine.Label{Key: q.GroupBy[at], Value: text})
		}
	}
	frame := frames.SeriesOf(a.ctx, groups, values, buckets)
	frame.AppendNotices(notices.Truncated(len(shown), len(found), "series")...)
	return frame, nil
}

func valueOf(m chronicle.Member, key fields.Key) string {
	if key == fields.KeyAccount {
		return m.Account
	}
	return fields.Of(key).Server(m.Label, m.Server)
}

// isWanted asks the conditions about accounts of the member, the others of its server.
func isWanted(m chronicle.Member, where []fields.Condition) bool {
	var ofServer []fields.Condition
	for _, condition := range where {
		switch {
		case condition.Key != fields.KeyAccount:
			ofServer = append(ofServer, condition)
		case !condition.Match(m.Account):
			return false
		}
	}
	return matches(m.Label, m.Server, ofServer)
}

// matches reports whether the conditions admit a server of a label.
func matches(label string, server model.Server, where []fields.Condition) bool {
	of := ledger.Snapshot{Servers: []ledger.ServerState{{Label: label, Server: server}}}
	return len(engine.ServersWhere(of, where)) > 0
}

func events(a answerer) (*data.Frame, error) {
	wanted := func(e chronicle.Event) bool { return matches(e.Label, e.Server, a.ctx.Query.Where) }
	all := a.past.Events(a.span, wanted)
	shown := all[:min(len(all), a.ctx.Query.Limit)]
	frame, err := frames.Events(shown)
	if err != nil {
		return nil, err
	}
	frame.AppendNotices(notices.Truncated(len(shown), len(all), "events")...)
	return frame, nil
}

func always(n need) func(query.Query) need { return func(query.Query) need { return n } }

// part is what one query must have read: its own, or what stands beside it.
type part struct {
	refID  string
	beside bool
}

// needsOf is what a query must have read.
func needsOf(refID string, q query.Query, policy query.Policy) map[part]need {
	asked := queryTypes[q.Type]
	needs := map[part]need{{refID, false}: asked.need(q)}
	if asked.beside != nil {
		if n := asked.beside(q, policy); !n.nothing() {
			needs[part{refID, true}] = n
		}
	}
	return needs
}

// whoIsOpen needs the open connections, however many there are.
func whoIsOpen(query.Query, query.Policy) need {
	return need{lists: lists{open: true}, freshness: recent}
}

// whoIsBack needs the open connections where clients are told apart; an alert rule
// gets one number of each group alone, and costs no list.
func whoIsBack(q query.Query, policy query.Policy) need {
	if q.View == query.Table && q.TellsClientsApart() && !policy.OneNumber {
		return need{lists: lists{open: true}, freshness: lately}
	}
	return need{}
}

func needOfConnections(q query.Query) need {
	if q.View == query.Records {
		return need{lists: lists{open: true, top: topOf(q)}}
	}
	return need{lists: lists{open: true}, freshness: recent}
}

// topOf is as few of the open connections as answer the query: servers can sort
// and cut, as long as nothing is left out afterwards but whole servers.
func topOf(q query.Query) source.Top {
	ofConnections := func(c fields.Condition) bool { return c.Key != fields.KeyServer && c.Key != fields.KeyCluster }
	if q.Sort == nil || !q.Sort.Desc || slices.ContainsFunc(q.Where, ofConnections) {
		return source.Top{}
	}
	return source.TopBy(q.Sort.By, q.Limit)
}

// need is what a query must have read, and how old that may be.
type need struct {
	lists
	freshness freshness
}

func (n need) nothing() bool { return n.lists == lists{} }

// lists are what is read of each server.
type lists struct {
	closed, open bool
	// top is what of the open ones is enough.
	top source.Top
}

// covers reports whether a read of l also serves other.
func (l lists) covers(other lists) bool {
	return (l.closed || !other.closed) && (!other.open || l.open && l.top.Covers(other.top))
}

func (l lists) and(other lists) lists {
	both := lists{closed: l.closed || other.closed, open: l.open || other.open}
	switch {
	case !l.open:
		both.top = other.top
	case !other.open:
		both.top = l.top
	default:
		both.top = l.top.And(other.top)
	}
	return both
}

// allOpen reports whether every open connection is read.
func (l lists) allOpen() bool { return l.open && l.top.All() }

// freshness is how old an answer may be.
type freshness int

const (
	// current: as the settings say (syncEvery).
	current freshness = iota
	// recent: the older the more connections there are to be read for it.
	recent
	// lately: what stands beside stops may be a few seconds old, so that a dashboard
	// that is refreshed does not read a list each time.
	lately
	// known: what is offered to choose from may be a while old.
	known
)

const (
	// perConnection makes a read of 10,000 open connections good for 6 seconds:
	// the servers sort and send all of them, about 4 MB.
	perConnection = 6 * time.Second / 10_000
	maxRecent     = time.Minute
	latelyFor     = 10 * time.Second
	knownFor      = 30 * time.Second
	// toldFrom is the age from which on an answer tells it.
	toldFrom = 10 * time.Second
)

// goodFor is how long a read of so many open connections serves.
func (f freshness) goodFor(every time.Duration, open int) time.Duration {
	switch f {
	case recent:
		return max(every, min(time.Duration(open)*perConnection, maxRecent))
	case lately:
		return max(latelyFor, recent.goodFor(every, open))
	case known:
		return max(every, knownFor)
	case current:
	}
	return every
}

// aged tells how old the open connections of an answer are, if that matters.
func aged(n need, age time.Duration, open int) []data.Notice {
	if n.freshness != recent && n.freshness != lately || age < toldFrom {
		return nil
	}
	return []data.Notice{{Severity: data.NoticeSeverityInfo, Text: fmt.Sprintf(
		"Open connections as they were %s ago: all %d are read for this, so one read serves for up to a minute.",
		age.Truncate(time.Second), open)}}
}

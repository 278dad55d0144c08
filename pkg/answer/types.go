package answer

import (
	"slices"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/frames"
	"github.com/natsops/nats-connections-datasource/pkg/query"
	"github.com/natsops/nats-connections-datasource/pkg/reads"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// queryType is what it takes to answer the queries of a type.
type queryType struct {
	// need must have been read.
	need func(query.Query) reads.Need
	// beside must have been read too, apart: it may be older. Nil means nothing.
	beside func(query.Query, query.Policy) reads.Need
	// tellsSilence: that no server answers is what such a query is there to tell.
	tellsSilence bool
	// reachesBack: what a history has counts, too, not only what memory has.
	reachesBack bool
	// views are who answers in each.
	views map[query.View]view
}

var queryTypes = map[query.Type]queryType{
	query.Stops: {need: closed, beside: whoIsBack, reachesBack: true, views: map[query.View]view{
		query.TimeSeries: complete(Answerer.stopSeries),
		query.Totals:     Answerer.stopTotals,
		query.Table:      complete(Answerer.stopTable),
		query.Records:    complete(Answerer.stopsOneByOne),
		query.Logs:       complete(Answerer.stopsOneByOne),
	}},
	query.Connections: {need: needOfConnections, views: map[query.View]view{
		query.TimeSeries: openOverTime.answer,
		query.Totals:     openAs(frames.Totals),
		query.Table:      openAs(frames.GroupTable),
		query.Records:    Answerer.openRecords,
	}},
	query.Servers: {need: closed, tellsSilence: true, views: map[query.View]view{
		query.TimeSeries: serversOverTime.answer,
		query.Totals:     Answerer.serverTotals,
		query.Table:      Answerer.serverTable,
		query.Events:     Answerer.serverEvents,
	}},
	query.Findings: {need: closed, beside: whoIsOpen, views: map[query.View]view{
		query.TimeSeries: seen(Answerer.findingSeries),
		query.Totals:     seen(Answerer.findingTotals),
		query.Table:      seen(Answerer.findingTable),
		query.Logs:       seen(Answerer.findingLogs),
	}},
	query.Values: {need: everythingKnown, views: map[query.View]view{"": Answerer.values}},
}

// Need is what must have been read for a query, and what must stand beside it,
// which may be nothing.
func Need(q query.Query, policy query.Policy) (own, beside reads.Need) {
	asked := queryTypes[q.Type]
	if asked.beside != nil {
		beside = asked.beside(q, policy)
	}
	return asked.need(q), beside
}

// Answer is one frame: the query is valid, so somebody answers it. Its errors are those that the author of the query can mend.
func (a Answerer) Answer() (*data.Frame, error) {
	frame, err := queryTypes[a.Query.Type].views[a.Query.View](a)
	if err == nil && a.Reached().TooMany {
		return nil, &query.Error{Field: "groupBy", Sentence: "that makes too many groups over this time range; use fewer keys, filters, or a shorter range."}
	}
	return frame, err
}

// TellsSilence reports whether a query is there to tell, too, that no server answers.
func TellsSilence(q query.Query) bool { return queryTypes[q.Type].tellsSilence }

func closed(query.Query) reads.Need { return reads.Need{Lists: reads.Lists{Closed: true}} }

func everythingKnown(query.Query) reads.Need {
	return reads.Need{Lists: reads.Lists{Closed: true, Open: true}, Freshness: reads.Known}
}

// whoIsOpen needs the open connections, however many there are.
func whoIsOpen(query.Query, query.Policy) reads.Need {
	return reads.Need{Lists: reads.Lists{Open: true}, Freshness: reads.Recent}
}

// whoIsBack needs the open connections where clients are told apart; an alert rule
// gets one number of each group alone, and costs no list.
func whoIsBack(q query.Query, policy query.Policy) reads.Need {
	if q.View == query.Table && q.TellsClientsApart() && !policy.OneNumber {
		return reads.Need{Lists: reads.Lists{Open: true}, Freshness: reads.Lately}
	}
	return reads.Need{}
}

func needOfConnections(q query.Query) reads.Need {
	if q.View == query.Records {
		return reads.Need{Lists: reads.Lists{Open: true, Top: topOf(q)}}
	}
	return reads.Need{Lists: reads.Lists{Open: true}, Freshness: reads.Recent}
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

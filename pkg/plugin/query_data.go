package plugin

import (
	"context"
	"errors"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/answer"
	"github.com/natsops/nats-connections-datasource/pkg/beyond"
	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/finding/watch"
	"github.com/natsops/nats-connections-datasource/pkg/frames"
	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/notices"
	"github.com/natsops/nats-connections-datasource/pkg/query"
	"github.com/natsops/nats-connections-datasource/pkg/reads"
	"github.com/natsops/nats-connections-datasource/pkg/settings"
)

// errBackwards is about a range in which nothing can have happened.
var errBackwards = &query.Error{Field: "time range", Sentence: "it ends before it begins, or lies beyond the year 2262; choose another."}

// QueryData answers all queries of a request from one read of the servers.
func (d *Datasource) QueryData(ctx context.Context, req *backend.QueryDataRequest) (response *backend.QueryDataResponse, err error) {
	if fault := guard.Run(ctx, "the query", func() { response, err = d.queryData(ctx, req) }); fault != nil {
		response = backend.NewQueryDataResponse()
		for _, q := range req.Queries {
			response.Responses[q.RefID] = faulty(fault)
		}
	}
	return response, err
}

// asking is a valid query of a request.
type asking struct {
	raw   backend.DataQuery
	query query.Query
	// own and beside are where, among the needs of the request, what it must have
	// read is; beside is negative if that is nothing.
	own, beside int
}

func (d *Datasource) queryData(ctx context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	response := backend.NewQueryDataResponse()
	var askings []asking
	var needs []reads.Need
	policy := policyOf(req)
	policy.Nameless = d.recipe.settings.Private
	for _, raw := range req.Queries {
		q, err := query.Parse(raw.JSON, policy)
		if err == nil && raw.TimeRange.To.Before(raw.TimeRange.From) {
			// The SDK's nanoseconds end in the year 2262 and begin again in 1677.
			err = errBackwards
		}
		if err == nil {
			err = d.recipe.settings.Usable()
		}
		if err != nil {
			response.Responses[raw.RefID] = badRequest(err)
			continue
		}
		one := asking{raw: raw, query: q, own: len(needs), beside: -1}
		own, beside := answer.Need(q, policy)
		if needs = append(needs, own); !beside.None() {
			one.beside = len(needs)
			needs = append(needs, beside)
		}
		askings = append(askings, one)
	}
	if len(askings) == 0 {
		return response, nil
	}
	began := time.Now()
	remembered, err := d.ask(ctx)
	if err != nil {
		return nil, err
	}
	read, err := remembered.reads.Each(ctx, needs)
	if errors.Is(err, guard.ErrInternal) {
		for _, one := range askings {
			response.Responses[one.raw.RefID] = faulty(err)
		}
		return response, nil
	}
	if err != nil {
		return nil, backend.DownstreamError(err)
	}
	waiting, done := context.WithTimeout(ctx, patience(policy))
	defer done()
	for _, one := range askings {
		if err := ctx.Err(); err != nil {
			return nil, backend.DownstreamError(err)
		}
		snapshot := read[one.own].Snapshot
		var answered backend.DataResponse
		if fault := guard.Run(ctx, "the query", func() { answered = d.respond(waiting, req, remembered, one, needs, read) }); fault != nil {
			answered = faulty(fault)
		}
		capture(ctx, began, one.raw.RefID, answered, snapshot)
		response.Responses[one.raw.RefID] = answered
	}
	return response, nil
}

// patience is how long a request waits for what a history has beyond memory, before it is
// answered with what was read so far. For an alert rule that is an error, and Grafana gives
// up after 30 s (evaluation_timeout).
func patience(p query.Policy) time.Duration {
	if p.Whole {
		return 25 * time.Second
	}
	return 10 * time.Second
}

// respond answers one query from what was read for its needs.
func (d *Datasource) respond(
	ctx context.Context, req *backend.QueryDataRequest, m *memory, one asking, needs []reads.Need, read []reads.Read,
) backend.DataResponse {
	snapshot := read[one.own].Snapshot
	if !snapshot.AnsweredAny() && !answer.TellsSilence(one.query) {
		return unanswered(snapshot)
	}
	a := d.answerer(one.query, policyOf(req), snapshot)
	a.Past = m.chronicle
	a.Span = model.TimeRange{From: one.raw.TimeRange.From, To: one.raw.TimeRange.To}
	a.Interval, a.MaxDataPoints = one.raw.Interval, one.raw.MaxDataPoints
	past, further := d.process.historyOf(m)
	if further != nil && answer.ReachesBack(one.query) && beyond.Reaches(&snapshot, a.Begins(), d.recipe.settings.Keep.Age) {
		a.Beyond, a.Asker = further.Ask(ctx, &snapshot, d.recipe.apps), d.recipe
	}
	aged := one.own
	if one.beside >= 0 {
		aged = one.beside
		a.Beside = &read[one.beside].Snapshot
		by := watch.By{Classifier: d.recipe.classifier, Thresholds: d.recipe.settings.Thresholds, Tenant: d.isTenant(), ID: d.recipe}
		a.Find = func(at time.Time) []finding.Finding {
			return m.watch.Look(snapshot, facts.Beside{Open: *a.Beside, Slow: m.chronicle.Slow(), Waited: m.roll.Waited(), Ended: m.roll.Ended()}, by, at)
		}
	}
	frame, err := a.Answer()
	if err != nil {
		return badRequest(err)
	}
	if a.Policy.Whole && !a.Reached().Whole() {
		return unfinished(a.Reached())
	}
	describe(frame, one.raw.RefID, snapshot)
	passing := notices.OfServers(snapshot)
	if past != nil && needs[one.own].Closed {
		passing = append(passing, notices.OfHistory(past.State(), a.Reached(), time.Now())...)
	}
	d.lead(frame, a.Options, len(passing))
	frame.AppendNotices(passing...)
	if age := time.Since(read[aged].Landed); needs[aged].Freshness.Tells(age) {
		frame.AppendNotices(notices.AgedConnections(age, len(read[aged].Snapshot.Open))...)
	}
	return backend.DataResponse{Frames: data.Frames{frame}, Status: backend.StatusOK}
}

// answerer knows the query, who asks, and the settings.
func (d *Datasource) answerer(q query.Query, policy query.Policy, known ledger.Snapshot) answer.Answerer {
	return answer.Answerer{
		Options: frames.Options{
			Query: q, Classifier: d.recipe.classifier, Policy: policy,
			DatasourceUID: d.recipe.place.uid, DatasourceName: d.recipe.name,
		},
		Snapshot: known, Thresholds: d.recipe.settings.Thresholds, Tenant: d.isTenant(),
	}
}

// isTenant reports whether an ordinary account's login reads the servers.
func (d *Datasource) isTenant() bool { return d.recipe.settings.NATS.Scope == settings.ScopeAccount }

// policyOf tells alert rules by the header that Grafana's alerting sends under
// its bare name; GetHTTPHeader knows only forwarded headers.
func policyOf(req *backend.QueryDataRequest) query.Policy {
	if req.Headers[backend.FromAlertHeaderName] == "true" || req.GetHTTPHeader(backend.FromAlertHeaderName) == "true" {
		return query.ForAlerts
	}
	return query.ForPanels
}

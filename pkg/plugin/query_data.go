package plugin

import (
	"context"
	"errors"
	"maps"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/finding"
	"github.com/natsops/nats-connections-datasource/pkg/finding/facts"
	"github.com/natsops/nats-connections-datasource/pkg/finding/watch"
	"github.com/natsops/nats-connections-datasource/pkg/frames"
	"github.com/natsops/nats-connections-datasource/pkg/guard"
	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/notices"
	"github.com/natsops/nats-connections-datasource/pkg/query"
	"github.com/natsops/nats-connections-datasource/pkg/settings"
	"github.com/natsops/nats-connections-datasource/pkg/source"
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

func (d *Datasource) queryData(ctx context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	response := backend.NewQueryDataResponse()
	parsed := map[string]query.Query{}
	needs := map[part]need{}
	for _, q := range req.Queries {
		one, err := query.Parse(q.JSON, policyOf(req))
		if err == nil && q.TimeRange.To.Before(q.TimeRange.From) {
			// The SDK's nanoseconds end in the year 2262 and begin again in 1677.
			err = errBackwards
		}
		if err != nil {
			response.Responses[q.RefID] = badRequest(err)
			continue
		}
		parsed[q.RefID] = one
		maps.Copy(needs, needsOf(q.RefID, one, policyOf(req)))
	}
	if len(parsed) == 0 {
		return response, nil
	}
	if err := d.recipe.settings.Usable(); err != nil {
		for refID := range parsed {
			response.Responses[refID] = badRequest(err)
		}
		return response, nil
	}
	began := time.Now()
	remembered, err := d.ask(ctx)
	if err != nil {
		return nil, err
	}
	reads, err := remembered.syncer.read(ctx, needs)
	if errors.Is(err, guard.ErrInternal) {
		for refID := range parsed {
			response.Responses[refID] = faulty(err)
		}
		return response, nil
	}
	if err != nil {
		return nil, backend.DownstreamError(err)
	}
	for _, q := range req.Queries {
		one, valid := parsed[q.RefID]
		if !valid {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, backend.DownstreamError(err)
		}
		read := reads[part{q.RefID, false}]
		logMissing(ctx, read.snapshot)
		answer := d.answer(ctx, req, q, one, material{remembered, read, reads[part{q.RefID, true}]})
		capture(ctx, began, q.RefID, answer, read.snapshot)
		response.Responses[q.RefID] = answer
	}
	return response, nil
}

// material is what a query is answered from: a read and, unless nil, one beside it.
type material struct {
	memory      *memory
	read, apart *flight
}

func (d *Datasource) answer(
	ctx context.Context, req *backend.QueryDataRequest, raw backend.DataQuery, q query.Query, k material,
) (answer backend.DataResponse) {
	if fault := guard.Run(ctx, "the query", func() { answer = d.respond(req, raw, q, k) }); fault != nil {
		return faulty(fault)
	}
	need, told := needsOf("", q, policyOf(req))[part{"", k.apart != nil}], k.read
	if k.apart != nil {
		told = k.apart
	}
	if len(answer.Frames) == 1 {
		answer.Frames[0].AppendNotices(aged(need, time.Since(told.landed), len(told.snapshot.Open))...)
	}
	return answer
}

func (d *Datasource) respond(req *backend.QueryDataRequest, raw backend.DataQuery, q query.Query, k material) backend.DataResponse {
	asked, snapshot := queryTypes[q.Type], k.read.snapshot
	if !snapshot.AnsweredAny() && !asked.tellsSilence {
		return unanswered(snapshot)
	}
	a := answerer{
		snapshot:   snapshot,
		past:       k.memory.chronicle,
		span:       model.TimeRange{From: raw.TimeRange.From, To: raw.TimeRange.To},
		grafana:    raw,
		thresholds: d.recipe.settings.Thresholds,
		find: func(at time.Time) []finding.Finding {
			beside := facts.Beside{Open: k.apart.snapshot, Slow: k.memory.chronicle.Slow(), Ended: k.memory.roll.Ended()}
			return k.memory.watch.Look(snapshot, beside, watch.By{Classifier: d.recipe.classifier, Thresholds: d.recipe.settings.Thresholds, ID: d.recipe}, at)
		},
		ctx: frames.Context{
			Query:      q,
			Classifier: d.recipe.classifier,
			Policy:     policyOf(req),
		},
	}
	if k.apart != nil {
		a.beside = &k.apart.snapshot
	}
	if instance := req.PluginContext.DataSourceInstanceSettings; instance != nil {
		a.ctx.DatasourceUID, a.ctx.DatasourceName = instance.UID, instance.Name
	}
	frame, err := asked.answer(a)
	if err != nil {
		return badRequest(err)
	}
	describe(frame, raw.RefID, snapshot)
	frame.AppendNotices(notices.MissingServers(snapshot.Servers)...)
	frame.AppendNotices(notices.UnlistedServers(snapshot.Servers)...)
	frame.AppendNotices(notices.SharedAddresses(snapshot.Servers)...)
	frame.AppendNotices(notices.WrongClocks(snapshot.Servers)...)
	frame.AppendNotices(notices.RepeatedServers(snapshot.Repeated)...)
	frame.AppendNotices(notices.Unreadable(snapshot.Servers)...)
	return backend.DataResponse{Frames: data.Frames{frame}, Status: backend.StatusOK}
}

// policyOf tells alert rules by the header that Grafana's alerting sends under
// its bare name; GetHTTPHeader knows only forwarded headers.
func policyOf(req *backend.QueryDataRequest) query.Policy {
	if req.Headers[backend.FromAlertHeaderName] == "true" || req.GetHTTPHeader(backend.FromAlertHeaderName) == "true" {
		return query.ForAlerts
	}
	return query.ForPanels
}

// describe tells the query inspector what was asked of which server.
func describe(frame *data.Frame, refID string, snapshot ledger.Snapshot) {
	if frame.Meta == nil {
		frame.Meta = &data.FrameMeta{}
	}
	frame.RefID = refID
	frame.Meta.ExecutedQueryString = asked(snapshot)
}

// faulty is an error of ours.
func faulty(err error) backend.DataResponse {
	return backend.ErrDataResponseWithSource(backend.StatusInternal, backend.ErrorSourcePlugin, sentenceCase(err.Error()))
}

// badRequest is an error that the author of the query or the settings can mend.
func badRequest(err error) backend.DataResponse {
	return backend.ErrDataResponseWithSource(backend.StatusBadRequest, backend.ErrorSourceDownstream, err.Error())
}

// unanswered is the error of a query that no server answered; the inspector
// still shows what was asked.
func unanswered(snapshot ledger.Snapshot) backend.DataResponse {
	var sentences []string
	for _, server := range snapshot.Servers {
		sentences = append(sentences, server.Err.Error())
	}
	const named = 3
	if more := len(sentences) - named; more > 0 {
		sentences = append(sentences[:named], "…")
	}
	response := backend.ErrDataResponseWithSource(
		statusOf(snapshot.Servers[0].Err), backend.ErrorSourceDownstream, "No server answered. "+strings.Join(sentences, " "))
	frame := data.NewFrame("")
	describe(frame, "", snapshot)
	response.Frames = data.Frames{frame}
	return response
}

// statusOf is the HTTP status that stands for the kind of failure.
func statusOf(err error) backend.Status {
	var typed *source.Error
	if errors.Is(err, settings.ErrNoURL) {
		return backend.StatusBadRequest
	}
	if !errors.As(err, &typed) {
		return backend.StatusBadGateway
	}
	switch typed.Kind {
	case source.KindAuth:
		return backend.StatusUnauthorized
	case source.KindPermission:
		return backend.StatusForbidden
	case source.KindTimeout:
		return backend.StatusTimeout
	case source.KindInternal:
		return backend.StatusInternal
	case source.KindTLS, source.KindNetwork, source.KindNoResponders, source.KindConfiguration, source.KindProtocol,
		source.KindCanceled:
	}
	return backend.StatusBadGateway
}

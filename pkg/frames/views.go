package frames

import (
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/query"
)

// groupViews show groups by a number each; what shows one per interval is [TimeSeries].
var groupViews = map[query.View]func(Context, []engine.Group) *data.Frame{
	query.Totals: Totals,
	query.Table:  GroupTable,
}

// stopViews show stops one by one.
var stopViews = map[query.View]func(Context, []*model.Stop) (*data.Frame, error){
	query.Records: func(ctx Context, rows []*model.Stop) (*data.Frame, error) { return StopRecords(ctx, rows), nil },
	query.Logs:    Logs,
}

// ShowsStops reports whether a view shows stops one by one.
func ShowsStops(view query.View) bool { return stopViews[view] != nil }

// Groups has the shape of the query's view. Views are validated where queries are
// decoded, so one without a shape is a mistake of ours.
func Groups(ctx Context, groups []engine.Group) *data.Frame {
	show, known := groupViews[ctx.Query.View]
	if !known {
		panic("groups have no shape for " + string(ctx.Query.View))
	}
	return show(ctx, groups)
}

// Stops has the shape of the query's view.
func Stops(ctx Context, rows []*model.Stop) (*data.Frame, error) {
	return stopViews[ctx.Query.View](ctx, rows)
}

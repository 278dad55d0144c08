package frames

import (
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/stops"
)

// ServerTable is one numeric-long frame: a row per server, whether it
// answered or not. Numbers that a server did not tell are null.
func ServerTable(ctx Context, servers []stops.ServerState, r stops.Range) *data.Frame {
	var fields []*data.Field
	for _, key := range ctx.Query.GroupBy {
		fields = append(fields, rowField(servers, string(key), func(s stops.ServerState) string {
			if key == stops.KeyServer {
				return s.Label
			}
			return s.Value(key)
		}))
	}
	for _, metric := range ctx.tableNumbers() {
		field := rowField(servers, string(metric), func(s stops.ServerState) *int64 {
			if number, told := s.Number(string(metric), r); told {
				return &number
			}
			return nil
		}, unit(unitOf(metric)), described(metricName(metric)))
		fields = append(fields, field)
	}
	if !ctx.Alert {
		fields = append(fields, serverDetails(servers, r)...)
	}
	return typed("", data.FrameTypeNumericLong, data.VisTypeTable, fields...)
}

func serverDetails(servers []stops.ServerState, r stops.Range) []*data.Field {
	details := []*data.Field{
		rowField(servers, "uptime", func(s stops.ServerState) *int64 {
			if number, told := s.Number("uptime", r); told {
				return &number
			}
			return nil
		}, unit("s")),
		rowField(servers, "complete_since", func(s stops.ServerState) *time.Time { return timeOrNull(s.Coverage.Since) }),
		rowField(servers, "last_read", func(s stops.ServerState) *time.Time { return timeOrNull(s.Coverage.Until) }),
		rowField(servers, "endpoint", func(s stops.ServerState) string { return s.Endpoint }),
		rowField(servers, "error", func(s stops.ServerState) string {
			if s.Err == nil {
				return ""
			}
			return s.Err.Error()
		}),
	}
	return details
}

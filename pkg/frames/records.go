package frames

import (
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/restart"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
)

// StopRecords is a plain table of one row per stop: when and why first, then
// who, how much, and what to do.
func StopRecords(o Options, rows []*model.Stop) *data.Frame {
	known := func(s *model.Stop) reason.Reason { return o.Classifier.Reason(s.Reason) }
	columns := []*data.Field{
		rowField(rows, "time", func(s *model.Stop) time.Time { return s.At.UTC() }, custom(map[string]any{"width": 180})),
		o.reasonWithRemedy(values(rows, func(s *model.Stop) string { return s.Reason })),
	}
	columns = append(columns, whoFields(rows, stopConnection)...)
	columns = append(columns,
		rowField(rows, "duration", func(s *model.Stop) float64 { return seconds(s.Duration()) }, unit("s")),
		rowField(rows, fields.BytesLostMin, func(s *model.Stop) int64 { return fields.BytesLost(s, o.Classifier) }, unit("bytes"),
			described("What the server threw away with the connection; more may be lost on the way.")),
	)
	columns = append(columns, numberFields(rows, stopConnection)...)
	columns = append(columns,
		rowField(rows, "class", func(s *model.Stop) string { return string(known(s).Class) }),
		rowField(rows, "category", func(s *model.Stop) string { return string(known(s).Category) }),
		o.dimension(fields.KeySeverity, values(rows, func(s *model.Stop) string { return string(known(s).Severity) })),
		rowField(rows, "expected_by", o.expectedBy(), described("The announced restart or upgrade of its server that the stop is part of.")),
	)
	columns = append(columns, detailFields(rows, stopConnection)...)
	columns = append(columns,
		rowField(rows, "meaning", func(s *model.Stop) string { return known(s).Meaning }, hidden()),
		rowField(rows, "remedy", func(s *model.Stop) string { return known(s).Remedy }, hidden()),
		rowField(rows, "help", func(s *model.Stop) string { return known(s).Link }, hidden()),
		rowField(rows, "server_time", func(s *model.Stop) time.Time { return s.ServerAt.UTC() }, hidden()),
		// Grafana's annotations read these two by name.
		rowField(rows, "text", func(s *model.Stop) string { return strangers.HTML(o.sentence(s)) }, hidden()),
		rowField(rows, "tags", func(s *model.Stop) string { return tags(s, known(s)) }, hidden()),
	)
	return typed("", data.VisTypeTable, columns...)
}

// expectedBy names the restart that a stop is part of; it is empty if it is of none.
func (o Options) expectedBy() func(*model.Stop) string {
	type part struct {
		restart.Event
		title string
	}
	ended := map[string][]part{}
	for _, e := range o.Restarts {
		title := e.Title()
		for _, step := range e {
			ended[step.Before.ServerID] = append(ended[step.Before.ServerID], part{e, title})
		}
	}
	return func(s *model.Stop) string {
		for _, e := range ended[s.ServerID] {
			if e.Has(s.ServerID, s.At) {
				return e.title
			}
		}
		return ""
	}
}

func stopConnection(s *model.Stop) *model.Connection { return &s.Connection }

// reasonWithRemedy shows the remedy on hover and leads to the whole entry.
func (o Options) reasonWithRemedy(reasons []string) *data.Field {
	field := o.dimension(fields.KeyReason, reasons)
	if field.Config == nil {
		field.Config = &data.FieldConfig{}
	}
	field.Config.Custom = map[string]any{
		"width": 270, "tooltip": map[string]string{"field": "remedy", "placement": "auto"},
	}
	field.Config.Links = []data.DataLink{helpLink}
	return field
}

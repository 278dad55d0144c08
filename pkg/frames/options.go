package frames

import (
	"slices"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/query"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
	"github.com/natsops/nats-connections-datasource/pkg/restart"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
)

// Options are what frames need to know beside the result.
type Options struct {
	Query      query.Query
	Classifier *reason.Classifier
	// DatasourceUID and DatasourceName let links lead onward to records.
	DatasourceUID, DatasourceName string
	// Policy is that of who asks.
	Policy query.Policy
	// Restarts are the events of servers that stops may be part of.
	Restarts []restart.Event
}

// typed makes a frame of a data-plane type.
func typed(kind data.FrameType, visualisation data.VisType, columns ...*data.Field) *data.Frame {
	for _, field := range columns {
		if kind != data.FrameTypeLogLines && slices.Contains(fields.Keys(), fields.Key(field.Name)) {
			filters(field)
			writeOut(field)
		}
	}
	frame := data.NewFrame("", columns...)
	frame.Meta = &data.FrameMeta{PreferredVisualization: visualisation}
	if kind != "" {
		frame.Meta.Type, frame.Meta.TypeVersion = kind, data.FrameTypeVersion{0, 1}
	}
	return frame
}

// filters lets a click on a cell narrow the dashboard or the query to its value.
func filters(field *data.Field) {
	if field.Config == nil {
		field.Config = &data.FieldConfig{}
	}
	yes := true
	field.Config.Filterable = &yes
}

// writeOut shows strangers' values as labels have them, where the two differ: a
// table would turn the reading direction with them. The values stay, since
// clicks filter by them.
func writeOut(field *data.Field) {
	if field.Type() != data.FieldTypeString {
		return
	}
	shown := data.ValueMapper{}
	for i := range field.Len() {
		value, _ := field.At(i).(string)
		if written := strangers.WrittenOut(value); written != value {
			shown[value] = data.ValueMappingResult{Text: written}
		}
	}
	if len(shown) > 0 {
		field.Config.Mappings = append(data.ValueMappings{shown}, field.Config.Mappings...)
	}
}

// column is a field that is shown under its own name.
func column[T any](name string, values []T, configure ...func(*data.FieldConfig)) *data.Field {
	field := data.NewField(name, nil, values)
	if len(configure) > 0 {
		field.Config = &data.FieldConfig{}
		for _, apply := range configure {
			apply(field.Config)
		}
	}
	return field
}

func unit(name string) func(*data.FieldConfig) {
	return func(config *data.FieldConfig) { config.Unit = name }
}

func described(text string) func(*data.FieldConfig) {
	return func(config *data.FieldConfig) { config.Description = text }
}

func custom(settings map[string]any) func(*data.FieldConfig) {
	return func(config *data.FieldConfig) { config.Custom = settings }
}

// hidden keeps a field out of tables; tooltips, links and annotations read it.
func hidden() func(*data.FieldConfig) {
	return custom(map[string]any{"hideFrom": map[string]bool{"viz": true, "legend": true, "tooltip": true}})
}

// series is a value field of a wide frame: named by its metric, labelled by
// its group, and called by the group's values.
func series[T any](o Options, group engine.Group, values []T) *data.Field {
	field := data.NewField(string(o.Query.Metric), labelsOf(group), values)
	field.Config = &data.FieldConfig{
		DisplayNameFromDS: displayName(o.Query.Metric, group),
		Unit:              unitOf(string(o.Query.Metric)),
	}
	if colour := groupColour(o, group); colour != nil {
		field.Config.Color = colour
	}
	if link := o.linkToRecords(group); link != nil {
		field.Config.Links = []data.DataLink{*link}
	}
	return field
}

// readable are the groups with values that break no message, where they end up
// in one: those that would are written as sentences have them.
func (o Options) readable(groups []engine.Group) []engine.Group {
	if !o.Policy.PlainLabels {
		return groups
	}
	return engine.Relabel(groups, strangers.Label)
}

func labelsOf(group engine.Group) data.Labels {
	if len(group.Labels) == 0 {
		return nil
	}
	labels := data.Labels{}
	for _, label := range group.Labels {
		labels[string(label.Key)] = label.Value
	}
	return labels
}

func displayName(metric query.Metric, group engine.Group) string {
	if len(group.Labels) == 0 {
		return metricName(metric)
	}
	values := make([]string, len(group.Labels))
	for i, label := range group.Labels {
		values[i] = strangers.Quoted(label.Value)
		if label.Value == "" {
			values[i] = "(no " + string(label.Key) + ")"
		}
	}
	return strings.Join(values, " · ")
}

// groupColour says how bad it is, where the group tells: the severity's colour,
// or shades of it where other keys tell groups of one severity apart. Other
// groups keep the panel's palette.
func groupColour(o Options, group engine.Group) map[string]any {
	text, byReason := group.Value(fields.KeyReason)
	severity, bySeverity := group.Value(fields.KeySeverity)
	category, byCategory := group.Value(fields.KeyCategory)
	switch {
	case group.Folded:
		return nil
	case bySeverity:
	case byReason:
		severity = string(o.Classifier.Reason(text).Severity)
	case byCategory:
		severity = string(reason.Category(category).Severity())
	default:
		return nil
	}
	mode := "shades"
	if bySeverity && len(o.Query.GroupBy) == 1 {
		mode = "fixed"
	}
	return map[string]any{"mode": mode, "fixedColor": SeverityColour(reason.Severity(severity))}
}

func metricName(metric query.Metric) string { return fields.MeasureOf(string(metric)).Heading }

func unitOf(number string) string { return fields.MeasureOf(number).Unit }

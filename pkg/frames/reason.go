package frames

import (
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// dimension is a string column of a group key; reasons and severities are
// coloured by severity.
func (c Context) dimension(key fields.Key, values []string) *data.Field {
	field := column(string(key), values)
	if key == fields.KeyReason {
		field.Config = c.coloured(values, func(reason string) string { return ReasonColour(c.Classifier.Reason(reason)) })
	}
	if key == fields.KeySeverity {
		field.Config = c.coloured(values, func(severity string) string { return SeverityColour(reason.Severity(severity)) })
	}
	return field
}

func (c Context) coloured(values []string, colour func(string) string) *data.FieldConfig {
	mappings := data.ValueMapper{}
	for _, value := range values {
		if value != "" && value != engine.Other {
			mappings[value] = data.ValueMappingResult{Color: colour(value)}
		}
	}
	config := &data.FieldConfig{Custom: map[string]any{"cellOptions": map[string]string{"type": "color-text"}}}
	if len(mappings) > 0 {
		config.Mappings = data.ValueMappings{mappings}
	}
	return config
}

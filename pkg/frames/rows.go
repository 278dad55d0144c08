package frames

import (
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// values maps rows to the values of one column.
func values[R, V any](rows []R, of func(R) V) []V {
	result := make([]V, len(rows))
	for i, row := range rows {
		result[i] = of(row)
	}
	return result
}

// rowField makes a column from rows.
func rowField[R, V any](rows []R, name string, of func(R) V, configure ...func(*data.FieldConfig)) *data.Field {
	return column(name, values(rows, of), configure...)
}

// lasted is how long a connection was there, as far as its server told.
func lasted(s *model.Stop) time.Duration {
	if s.Start.IsZero() {
		return 0
	}
	return max(s.At.Sub(s.Start), 0)
}

// seconds is a duration as Grafana's unit "s" takes it.
func seconds(d time.Duration) float64 { return d.Seconds() }

func secondsOrNull(d time.Duration) *float64 {
	if d <= 0 {
		return nil
	}
	s := d.Seconds()
	return &s
}

func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	utc := t.UTC()
	return &utc
}

// detailFields are the rest of what is known of a connection.
func detailFields[R any](rows []R, of func(R) *model.Connection) []*data.Field {
	text := func(name string, value func(*model.Connection) string) *data.Field {
		return rowField(rows, name, func(row R) string { return value(of(row)) })
	}
	number := func(name string, value func(*model.Connection) int64) *data.Field {
		return rowField(rows, name, func(row R) int64 { return value(of(row)) }, unit("none"))
	}
	return []*data.Field{
		text("cluster", func(c *model.Connection) string { return c.Cluster }),
		text("kind", func(c *model.Connection) string { return c.Kind }),
		text("type", func(c *model.Connection) string { return c.Type }),
		text("lang", func(c *model.Connection) string { return c.Lang }),
		text("version", func(c *model.Connection) string { return c.Version }),
		rowField(rows, "identified", func(row R) bool { return of(row).Identified() }),
		rowField(rows, "start", func(row R) *time.Time { return timeOrNull(of(row).Start) }),
		rowField(rows, "last_activity", func(row R) *time.Time { return timeOrNull(of(row).LastActivity) }),
		number("port", func(c *model.Connection) int64 { return int64(c.Port) }),
		text("tls_version", func(c *model.Connection) string { return c.TLSVersion }),
		text("tls_cipher", func(c *model.Connection) string { return c.TLSCipher }),
		text("mqtt_client", func(c *model.Connection) string { return c.MQTTClient }),
		text("account_id", func(c *model.Connection) string { return c.AccountID }),
		rowField(rows, "cid", func(row R) uint64 { return of(row).CID }, unit("none")),
		text("server_id", func(c *model.Connection) string { return c.ServerID }),
	}
}

// firstNumbers come in this order, any other number of connections follows.
var firstNumbers = []string{"in_msgs", "out_msgs", "in_bytes", "out_bytes", "subscriptions"}

// numberFields are what the server counted for a connection.
func numberFields[R any](rows []R, of func(R) *model.Connection) []*data.Field {
	number := func(m *fields.Measure) *data.Field {
		return rowField(rows, m.Name, func(row R) int64 { return m.Open(of(row)) }, unit(m.Unit))
	}
	columns := []*data.Field{
		number(fields.MeasureOf("pending_bytes")),
		rowField(rows, "rtt", func(row R) *float64 { return secondsOrNull(of(row).RTT) }, unit("s")),
	}
	for _, name := range firstNumbers {
		columns = append(columns, number(fields.MeasureOf(name)))
	}
	for _, m := range fields.OpenMeasures {
		if !m.Counts && !slices.ContainsFunc(columns, func(f *data.Field) bool { return f.Name == m.Name }) {
			columns = append(columns, number(m))
		}
	}
	return columns
}

// whoFields tell whose connection it is.
func whoFields[R any](rows []R, of func(R) *model.Connection) []*data.Field {
	text := func(name string, value func(*model.Connection) string) *data.Field {
		return rowField(rows, name, func(row R) string { return value(of(row)) })
	}
	return []*data.Field{
		text("account", func(c *model.Connection) string { return c.Account }),
		text("server", func(c *model.Connection) string { return c.Server }),
		text("app", func(c *model.Connection) string { return c.App }),
		text("name", func(c *model.Connection) string { return c.Name }),
		text("user", func(c *model.Connection) string { return c.User }),
		text("ip", func(c *model.Connection) string { return c.IP }),
	}
}

// dimension is a string column of a group key. Reasons and severities tell their
// severity's colour to panels that draw marks; as text they keep the text's.
func (o Options) dimension(key fields.Key, values []string) *data.Field {
	field := column(string(key), values)
	if key == fields.KeyReason {
		field.Config = coloured(values, func(text string) reason.Severity { return o.Classifier.Reason(text).Severity })
	}
	if key == fields.KeySeverity {
		field.Config = coloured(values, func(word string) reason.Severity { return reason.Severity(word) })
	}
	return field
}

func coloured(values []string, severity func(string) reason.Severity) *data.FieldConfig {
	mappings := data.ValueMapper{}
	for _, value := range values {
		if value != "" && value != engine.Other {
			mappings[value] = data.ValueMappingResult{Color: SeverityColour(severity(value))}
		}
	}
	if len(mappings) == 0 {
		return nil
	}
	return &data.FieldConfig{Mappings: data.ValueMappings{mappings}}
}

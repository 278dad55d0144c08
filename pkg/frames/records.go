package frames

import (
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/reason"
)

// StopRecords is a plain table of one row per stop: when and why first, then
// who, how much, and what to do.
func StopRecords(ctx Context, rows []*model.Stop) *data.Frame {
	known := func(s *model.Stop) reason.Reason { return ctx.Classifier.Reason(s.Reason) }
	columns := []*data.Field{
		rowField(rows, "time", func(s *model.Stop) time.Time { return s.At.UTC() }, custom(map[string]any{"width": 180})),
		ctx.reasonWithRemedy(values(rows, func(s *model.Stop) string { return s.Reason })),
	}
	columns = append(columns, whoFields(rows, stopConnection)...)
	columns = append(columns,
		rowField(rows, "duration", func(s *model.Stop) float64 { return seconds(lasted(s)) }, unit("s")),
		rowField(rows, engine.BytesLostMin, func(s *model.Stop) int64 { return fields.BytesLost(s, ctx.Classifier) }, unit("bytes"),
			described("What the server threw away with the connection; more may be lost on the way.")),
	)
	columns = append(columns, numberFields(rows, stopConnection)...)
	columns = append(columns,
		rowField(rows, "class", func(s *model.Stop) string { return string(known(s).Class) }),
		rowField(rows, "category", func(s *model.Stop) string { return string(known(s).Category) }),
		ctx.dimension(fields.KeySeverity, values(rows, func(s *model.Stop) string { return string(known(s).Severity) })),
	)
	columns = append(columns, detailFields(rows, stopConnection)...)
	columns = append(columns,
		rowField(rows, "meaning", func(s *model.Stop) string { return known(s).Meaning }, hidden()),
		rowField(rows, "remedy", func(s *model.Stop) string { return known(s).Remedy }, hidden()),
		rowField(rows, "help", func(s *model.Stop) string { return known(s).Link }, hidden()),
		// Grafana's annotations read these two by name.
		rowField(rows, "text", func(s *model.Stop) string { return asHTML(ctx.sentence(s)) }, hidden()),
		rowField(rows, "tags", func(s *model.Stop) string { return tags(s, known(s)) }, hidden()),
	)
	return typed("", data.VisTypeTable, columns...)
}

func stopConnection(s *model.Stop) *model.Connection { return &s.Connection }

// reasonWithRemedy shows the remedy on hover and leads to the whole entry.
func (c Context) reasonWithRemedy(reasons []string) *data.Field {
	field := c.dimension(fields.KeyReason, reasons)
	field.Config.Custom["width"] = 270
	field.Config.Custom["tooltip"] = map[string]string{"field": "remedy", "placement": "auto"}
	field.Config.Links = []data.DataLink{{
		Title: "What this reason means and what to do", URL: "${__data.fields.help:raw}", TargetBlank: true,
	}}
	return field
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

// numberFields are what the server counted for a connection.
func numberFields[R any](rows []R, of func(R) *model.Connection) []*data.Field {
	number := func(name string, value func(*model.Connection) int64, unitName string) *data.Field {
		return rowField(rows, name, func(row R) int64 { return value(of(row)) }, unit(unitName))
	}
	return []*data.Field{
		number("pending_bytes", func(c *model.Connection) int64 { return c.PendingBytes }, "bytes"),
		rowField(rows, "rtt", func(row R) *float64 { return secondsOrNull(of(row).RTT) }, unit("s")),
		number("in_msgs", func(c *model.Connection) int64 { return c.InMsgs }, "short"),
		number("out_msgs", func(c *model.Connection) int64 { return c.OutMsgs }, "short"),
		number("in_bytes", func(c *model.Connection) int64 { return c.InBytes }, "bytes"),
		number("out_bytes", func(c *model.Connection) int64 { return c.OutBytes }, "bytes"),
		number("subscriptions", func(c *model.Connection) int64 { return c.Subscriptions }, "short"),
	}
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

// StopNumber is the column that rows are sorted by, times and durations in nanoseconds.
func StopNumber(ctx Context) func(s *model.Stop, column string) int64 {
	return func(s *model.Stop, column string) int64 {
		switch column {
		case "time":
			return s.At.UnixNano()
		case "duration":
			return int64(lasted(s))
		case engine.BytesLostMin:
			return fields.BytesLost(s, ctx.Classifier)
		}
		return connectionNumber(&s.Connection, column)
	}
}

// lasted is how long a connection was there, as far as its server told.
func lasted(s *model.Stop) time.Duration {
	if s.Start.IsZero() {
		return 0
	}
	return max(s.At.Sub(s.Start), 0)
}

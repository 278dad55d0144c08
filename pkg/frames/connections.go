package frames

import (
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/model"
)

// OpenConnection is an open connection with its server's clock, which its
// ages are counted by.
type OpenConnection struct {
	*model.Connection
	Now time.Time
}

// Idle is how long nothing was heard of the connection.
func (c OpenConnection) Idle() time.Duration { return c.since(c.LastActivity) }

// Duration is how long the connection has been open.
func (c OpenConnection) Duration() time.Duration { return c.since(c.Start) }

// since is how long ago something was. What came while a list was made was not
// before it, and what cannot be read was not long ago.
func (c OpenConnection) since(then time.Time) time.Duration {
	if then.IsZero() || c.Now.IsZero() {
		return 0
	}
	return max(c.Now.Sub(then), 0)
}

// ConnectionRecords is a plain table of one row per open connection.
func ConnectionRecords(rows []OpenConnection) *data.Frame {
	connection := func(c OpenConnection) *model.Connection { return c.Connection }
	columns := whoFields(rows, connection)
	columns = append(columns, numberFields(rows, connection)...)
	columns = append(columns,
		rowField(rows, "idle", func(c OpenConnection) float64 { return seconds(c.Idle()) }, unit("s")),
		rowField(rows, "duration", func(c OpenConnection) float64 { return seconds(c.Duration()) }, unit("s")),
	)
	columns = append(columns, detailFields(rows, connection)...)
	return typed("", data.VisTypeTable, columns...)
}

// Values is the list of a key's values, for variables and editors.
func Values(list []string) *data.Frame {
	return data.NewFrame("", column("text", list), column("value", list))
}

// Number is the column that rows are sorted by, durations in nanoseconds.
func (c OpenConnection) Number(column string) int64 {
	switch column {
	case "idle":
		return int64(c.Idle())
	case "duration":
		return int64(c.Duration())
	}
	return connectionNumber(c.Connection, column)
}

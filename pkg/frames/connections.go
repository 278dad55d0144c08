package frames

import (
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/strangers"
)

// ConnectionRecords is a plain table of one row per open connection.
func ConnectionRecords(rows []model.OpenConnection) *data.Frame {
	connection := func(c model.OpenConnection) *model.Connection { return c.Connection }
	columns := whoFields(rows, connection)
	columns = append(columns, numberFields(rows, connection)...)
	columns = append(columns,
		rowField(rows, "idle", func(c model.OpenConnection) float64 { return seconds(c.Idle()) }, unit("s")),
		rowField(rows, "duration", func(c model.OpenConnection) float64 { return seconds(c.Duration()) }, unit("s")),
	)
	columns = append(columns, detailFields(rows, connection)...)
	return typed("", data.VisTypeTable, columns...)
}

// Values is the list of a key's values, for variables and editors. Where it is
// known how many kept stops have each, editors show it beside; a value never holds it.
func Values(list []string, stops []int64) *data.Frame {
	frame := data.NewFrame("", rowField(list, "text", strangers.Label), column("value", list))
	if stops != nil {
		frame.Fields = append(frame.Fields, column("stops", stops))
	}
	return frame
}

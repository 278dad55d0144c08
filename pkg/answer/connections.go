package answer

import (
	"cmp"
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/engine"
	"github.com/natsops/nats-connections-datasource/pkg/fields"
	"github.com/natsops/nats-connections-datasource/pkg/frames"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/query"
)

// openAs shapes groups of open connections.
func openAs(shape func(frames.Options, []engine.Group) *data.Frame) view {
	return func(a Answerer) (*data.Frame, error) {
		return a.groups(engine.OpenGroups(a.Snapshot, a.Query.Where, a.Query.GroupBy), shape), nil
	}
}

func (a Answerer) openRecords() (*data.Frame, error) {
	clocks := map[string]time.Time{}
	for _, server := range a.Snapshot.Servers {
		clocks[server.Server.ID] = server.OpenAt
	}
	var rows []model.OpenConnection
	for _, connection := range engine.OpenWhere(a.Snapshot, a.Query.Where) {
		rows = append(rows, model.OpenConnection{Connection: connection, Now: clocks[connection.ServerID]})
	}
	a.sortOpen(rows, *a.Query.Sort)
	total := len(rows)
	for _, server := range engine.ServersWhere(a.Snapshot, a.Query.Where) {
		total += int(server.OpenMore)
	}
	shown := rows[:min(len(rows), a.Query.Limit)]
	frame := frames.ConnectionRecords(shown)
	frame.AppendNotices(a.truncated(len(shown), total, "connections")...)
	return frame, nil
}

func (a Answerer) sortOpen(rows []model.OpenConnection, by query.Sort) {
	column := fields.OrderBy(fields.OpenOrders, by.By)
	slices.SortStableFunc(rows, func(x, y model.OpenConnection) int {
		order := cmp.Compare(column.Number(x, a.Classifier), column.Number(y, a.Classifier))
		if by.Desc {
			return -order
		}
		return order
	})
}

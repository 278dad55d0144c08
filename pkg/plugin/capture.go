package plugin

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/querycapture"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
)

// describe tells the query inspector what was asked of which server.
func describe(frame *data.Frame, refID string, snapshot ledger.Snapshot) {
	if frame.Meta == nil {
		frame.Meta = &data.FrameMeta{}
	}
	frame.RefID = refID
	frame.Meta.ExecutedQueryString = asked(snapshot)
}

// capturedKind is what diagnostics call a read of the servers.
const capturedKind = "nats.connections"

// capture shows Grafana's diagnostics what was asked of the servers and what
// came of it, if somebody wants to see that.
func capture(ctx context.Context, began time.Time, refID string, response backend.DataResponse, snapshot ledger.Snapshot) {
	recorder, wanted := querycapture.RecorderFromContext(ctx)
	if !wanted {
		return
	}
	seen := querycapture.Interaction{
		Kind: capturedKind, StartedAt: began, Duration: time.Since(began), RefID: refID,
		Statement: asked(snapshot), FrameCount: len(response.Frames),
	}
	if len(seen.Statement) > querycapture.MaxStatementBytes {
		seen.Statement = strings.ToValidUTF8(seen.Statement[:querycapture.MaxStatementBytes], "")
		seen.StatementTruncated = true
	}
	if instance := backend.PluginConfigFromContext(ctx).DataSourceInstanceSettings; instance != nil {
		seen.DatasourceUID, seen.DatasourceType, seen.DatasourceName = instance.UID, ID, instance.Name
	}
	for _, frame := range response.Frames {
		seen.RowCount += frame.Rows()
	}
	if response.Error != nil {
		seen.Err = response.Error.Error()
	}
	recorder.Record(seen)
}

// askedServers is how many servers the query inspector lists in full.
const askedServers = 20

func asked(snapshot ledger.Snapshot) string {
	var lines []string
	for i, server := range snapshot.Servers {
		if i == askedServers {
			lines = append(lines, fmt.Sprintf("… and %d more servers", len(snapshot.Servers)-i))
			break
		}
		outcome := server.Label + " answered"
		if !server.Answered {
			outcome = "No answer from " + server.Err.Error()
		}
		lines = append(lines, outcome)
		for _, request := range server.Asked {
			lines = append(lines, "  "+request)
		}
	}
	return strings.Join(lines, "\n")
}

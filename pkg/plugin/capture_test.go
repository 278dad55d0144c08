package plugin

import (
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/querycapture"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// recording keeps what is recorded.
type recording []querycapture.Interaction

func (r *recording) Record(i querycapture.Interaction) { *r = append(*r, i) }

// record runs a query while diagnostics look.
func record(t *testing.T, r readings, model string) querycapture.Interaction {
	t.Helper()
	var recorded recording
	ctx := querycapture.WithRecorder(t.Context(), &recorded)
	ctx = backend.WithPluginContext(ctx, backend.PluginContext{
		DataSourceInstanceSettings: &backend.DataSourceInstanceSettings{UID: "uid1", Name: "NATS"},
	})
	if _, err := datasource(t, r).QueryData(ctx, &backend.QueryDataRequest{
		Queries: []backend.DataQuery{{RefID: "A", JSON: []byte(model)}},
	}); err != nil {
		t.Fatal(err)
	}
	if len(recorded) != 1 {
		t.Fatalf("%d interactions were recorded, want 1", len(recorded))
	}
	return recorded[0]
}

func TestDiagnosticsSeeWhatWasAsked(t *testing.T) {
	got := record(t, fixture, `{"queryType":"servers","view":"table"}`)
	if got.Kind != "nats.connections" || got.RefID != "A" || got.DatasourceUID != "uid1" || got.DatasourceType != ID ||
		got.FrameCount != 1 || got.RowCount != 2 || got.Err != "" || got.StartedAt.IsZero() || got.Args != nil {
		t.Errorf("recorded %+v", got)
	}
	if want := "n1 answered\n  GET http://n1:8222/varz\n"; !strings.HasPrefix(got.Statement, want) {
		t.Errorf("the statement is %q, want %q first", got.Statement, want)
	}
}

func TestDiagnosticsSeeFailures(t *testing.T) {
	got := record(t, func(req source.Request) []model.Reading { return fixture(req)[1:] }, `{"queryType":"stops"}`)
	if !strings.HasPrefix(got.Err, "No server answered. ") || !strings.HasPrefix(got.Statement, "No answer from n2") {
		t.Errorf("recorded %+v", got)
	}
}

func TestDiagnosticsGetNoMoreThanTheyTake(t *testing.T) {
	got := record(t, func(req source.Request) []model.Reading {
		read := fixture(req)[:1]
		read[0].Asked = []string{strings.Repeat("…", querycapture.MaxStatementBytes)}
		return read
	}, `{"queryType":"stops"}`)
	if size := len(got.Statement); !got.StatementTruncated || size > querycapture.MaxStatementBytes ||
		size < querycapture.MaxStatementBytes-3 || !strings.HasSuffix(got.Statement, "…") {
		t.Errorf("a statement of %d bytes, truncated: %t", size, got.StatementTruncated)
	}
}

package plugin

import (
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/natsops/nats-connections-datasource/internal/testledger"
	"github.com/natsops/nats-connections-datasource/internal/testnats"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// checked is what the check makes of readings.
func checked(t *testing.T, of ...model.Reading) *backend.CheckHealthResult {
	t.Helper()
	d := datasource(t, nil)
	memoryOf(t, d).ways[0].source = readings(func(source.Request) []model.Reading { return of })
	result, err := d.CheckHealth(t.Context(), &backend.CheckHealthRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// TestTheCheckSucceedsWhereNothingIsMissing: a reply of somebody who is no server
// is told, and every server answered all the same.
func TestTheCheckSucceedsWhereNothingIsMissing(t *testing.T) {
	answered := fixture(source.Request{})[0]
	odd := model.Reading{Endpoint: "nats:4222", Repeated: true, Err: &source.Error{
		Kind: source.KindProtocol, Step: source.StepIdentity, Endpoint: "nats:4222", Sentence: "Its answer is odd.", Hint: "See.",
	}}
	result := checked(t, answered, odd)
	if result.Status != backend.HealthStatusOk || !strings.HasPrefix(result.Message, "1 of 1 server answered (NATS 2.15.2)") ||
		!strings.Contains(result.Message, "nats:4222: Its answer is odd. See.") || !strings.Contains(string(result.JSONDetails), "odd") {
		t.Errorf("told %v: %s\n%s", result.Status, result.Message, result.JSONDetails)
	}
	odd.Repeated = false
	if result := checked(t, answered, odd); result.Status != backend.HealthStatusError ||
		!strings.Contains(result.Message, `nats:4222 failed at the step "identity": Its answer is odd.`) {
		t.Errorf("told %v: %s", result.Status, result.Message)
	}
}

// TestTheCheckTellsWhoElseIsInTheHistory: servers that another data source reads.
func TestTheCheckTellsWhoElseIsInTheHistory(t *testing.T) {
	stream := testnats.StartWithStreams(t, nil)
	d := made(t, newProcess(t), map[string]any{
		"urls": []string{"http://east:8222"}, "history": map[string]any{"servers": []string{stream.ClientURL}, "auth": "none", "create": true},
	})
	m, east, west := memoryOf(t, d), testledger.NewRing("ID-E", "east-1", 10), testledger.NewRing("ID-W", "west-1", 10)
	east.Close(1)
	west.Close(1)
	m.ways[0].source = readings(func(source.Request) []model.Reading { return []model.Reading{east.Read()} })
	for _, test := range []struct {
		written *testledger.Ring
		says    bool
	}{{east, false}, {west, true}} {
		m.ledger.Merge([]model.Reading{test.written.Read()})
		m.history.Await(t.Context())
		testnats.Until(t, "what waits to be written", func() bool { return m.history.State().Waiting == 0 })
		result, err := d.CheckHealth(t.Context(), &backend.CheckHealthRequest{})
		if err != nil {
			t.Fatal(err)
		}
		if says := strings.Contains(result.Message, "not read here (west-1)"); says != test.says || result.Status != backend.HealthStatusOk {
			t.Errorf("told %v: %s", result.Status, result.Message)
		}
	}
}

package answer

import (
	"testing"

	"github.com/natsops/nats-connections-datasource/pkg/ledger"
	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/query"
)

func TestWhatNobodyToldIsUnknownToPeopleAndMissingToRules(t *testing.T) {
	tenant := []ledger.ServerState{{Label: "n1", Answered: true, Server: model.Server{Uncounted: true}}}
	for text, want := range map[string][2]int{
		`{"queryType":"servers","view":"totals","metric":"records_lost","groupBy":[]}`:         {1, 0},
		`{"queryType":"servers","view":"totals","metric":"records_lost","groupBy":["server"]}`: {0, 0},
	} {
		for i, policy := range []query.Policy{query.ForPanels, query.ForAlerts} {
			a := about(t, text)
			a.Snapshot.Servers, a.Policy = tenant, policy
			frame, err := a.serverTotals()
			if err != nil || len(frame.Fields) != want[i] {
				t.Fatalf("%s: %v, %v; want %d numbers", text, frame, err, want[i])
			}
			if want[i] == 1 && !frame.Fields[0].NilAt(0) {
				t.Errorf("%s: %v", text, frame.Fields[0].At(0))
			}
		}
	}
}

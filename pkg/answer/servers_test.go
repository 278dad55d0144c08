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

// A server that was watched by its address ends the alert about that by an answer.
func TestAlertsGoOnUnderTheLabelThatAServerHadBefore(t *testing.T) {
	servers := []ledger.ServerState{
		{Label: "n1", Endpoint: "n1:8222", Answered: true, Server: model.Server{Name: "n1"}},
		{Label: "n2", Endpoint: "n2:8222", Formerly: "n2:8222", Answered: true, Server: model.Server{Name: "n2"}},
	}
	for text, want := range map[string][2]int{
		`{"queryType":"servers","view":"totals","metric":"answered","groupBy":["server"]}`:                                                             {2, 3},
		`{"queryType":"servers","view":"totals","metric":"answered","groupBy":[]}`:                                                                     {1, 1},
		`{"queryType":"servers","view":"totals","metric":"open","groupBy":["server"]}`:                                                                 {2, 2},
		`{"queryType":"servers","view":"totals","metric":"answered","groupBy":["server"],"filters":[{"key":"server","operator":"=","values":["n1"]}]}`: {1, 1},
	} {
		for i, policy := range []query.Policy{query.ForPanels, query.ForAlerts} {
			a := about(t, text)
			a.Snapshot.Servers, a.Policy = servers, policy
			frame, err := a.serverTotals()
			if err != nil || len(frame.Fields) != want[i] {
				t.Fatalf("%s: %v, %v; want %d numbers", text, frame, err, want[i])
			}
			for _, field := range frame.Fields {
				if number, is := field.ConcreteAt(0); field.Labels["server"] == "n2:8222" && (!is || number != float64(1) && number != int64(1)) {
					t.Errorf("%s: %v at its address", text, number)
				}
			}
		}
	}
}

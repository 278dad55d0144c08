package plugin

import (
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

const changeOfReasons = `{"queryType":"stops","view":"totals","groupBy":["reason"],"change":true}`

// allAnswer is the fixture without the server that is silent.
func allAnswer(req source.Request) []model.Reading { return fixture(req)[:1] }

func changes(t *testing.T, r readings, q string) map[string]int64 {
	t.Helper()
	answer := ask(t, datasource(t, r), false, q).Responses["A"]
	if answer.Error != nil {
		t.Fatal(answer.Error)
	}
	numbers := map[string]int64{}
	for _, field := range answer.Frames[0].Fields {
		number, ok := field.At(0).(int64)
		if !ok {
			t.Fatalf("%s is a %T", field.Config.DisplayNameFromDS, field.At(0))
		}
		numbers[field.Config.DisplayNameFromDS] = number
	}
	return numbers
}

func TestChangeIsTheDifferenceToTheTimeBefore(t *testing.T) {
	// Ten minutes with four stops, ten before with one.
	for q, want := range map[string]map[string]int64{
		`{"queryType":"stops","view":"totals","groupBy":[],"change":true}`: {"against the 10m before": 3},
		changeOfReasons: {
			"Authentication Failure": 2, "Slow Consumer (Pending Bytes)": 1, "Client Closed": 1, "Brand New Reason": -1,
		},
	} {
		got := changes(t, allAnswer, q)
		if len(got) != len(want) {
			t.Errorf("%s: got %v, want %v", q, got, want)
		}
		for name, number := range want {
			if got[name] != number {
				t.Errorf("%s: %s is %v, want %d", q, name, got[name], number)
			}
		}
	}
}

func TestChangeIsUnknownWhereTheTimeBeforeIs(t *testing.T) {
	startedLately := func(req source.Request) []model.Reading {
		all := allAnswer(req)
		all[0].Server.Start = noon.Add(-15 * time.Minute)
		return all
	}
	for name, r := range map[string]readings{"a server is silent": fixture, "a server started since": startedLately} {
		if got := changes(t, r, changeOfReasons); len(got) != 0 {
			t.Errorf("%s: changed by %v, though that cannot be known", name, got)
		}
	}
}

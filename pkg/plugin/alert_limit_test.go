package plugin

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/natsops/nats-connections-datasource/pkg/model"
	"github.com/natsops/nats-connections-datasource/pkg/query"
	"github.com/natsops/nats-connections-datasource/pkg/source"
)

// floodedFixture is a server on which so many accounts had a stop, a minute ago.
func floodedFixture(accounts int) readings {
	return func(req source.Request) []model.Reading {
		all := fixture(req)
		all[0].Closed = nil
		for i := range accounts {
			all[0].Closed = append(all[0].Closed, stop(uint64(i+1), "Kicked", fmt.Sprintf("a%d", i), "", time.Minute))
		}
		return all
	}
}

// TestAlertOfTooManyGroupsFoldsThem: what does not fit is summed, so that the
// rule still fires, and is not an error.
func TestAlertOfTooManyGroupsFoldsThem(t *testing.T) {
	d := datasource(t, floodedFixture(query.MaxAlertGroups+5))
	const byAccount = `{"queryType":"stops","view":"totals","groupBy":["account"]}`
	alert := ask(t, d, true, byAccount).Responses["A"]
	if alert.Error != nil || len(alert.Frames[0].Fields) != query.MaxAlertGroups+1 {
		t.Fatalf("an alert got %v", alert.Error)
	}
	if last := alert.Frames[0].Fields[query.MaxAlertGroups]; last.Labels["account"] != "other" || last.At(0) != int64(5) {
		t.Errorf("the last series is %v: %v", last.Labels, last.At(0))
	}
	if panel := ask(t, d, false, byAccount).Responses["A"]; panel.Error != nil || len(panel.Frames[0].Fields) != query.DefaultGroups+1 {
		t.Errorf("a panel got %v", panel.Error)
	}
}

// TestAlertsHaveTotalsUnlessTheyAsk: a rule that names no view is what the
// editor shows for it, not the newest point of a series.
func TestAlertsHaveTotalsUnlessTheyAsk(t *testing.T) {
	d := datasource(t, fixture)
	if frame := ask(t, d, true, `{}`).Responses["A"].Frames[0]; frame.Meta.Type != data.FrameTypeNumericWide {
		t.Errorf("an alert got %s", frame.Meta.Type)
	}
	if frame := ask(t, d, false, `{}`).Responses["A"].Frames[0]; frame.Meta.Type != data.FrameTypeTimeSeriesWide {
		t.Errorf("a panel got %s", frame.Meta.Type)
	}
}

// TestRulesCompareNumbers: views that list things have none.
func TestRulesCompareNumbers(t *testing.T) {
	d := datasource(t, fixture)
	for _, q := range []string{
		`{"view":"records"}`, `{"view":"logs"}`, `{"queryType":"connections","view":"records"}`,
		`{"queryType":"servers","view":"events"}`, `{"queryType":"findings","view":"logs"}`,
	} {
		const want = "has no number that an alert rule could compare; use totals."
		if err := ask(t, d, true, q).Responses["A"].Error; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", q, err)
		}
		if err := ask(t, d, false, q).Responses["A"].Error; err != nil {
			t.Errorf("a panel: %s: %v", q, err)
		}
	}
}

// TestAnswersThatCannotBeAreErrors: each names what to change.
func TestAnswersThatCannotBeAreErrors(t *testing.T) {
	d := datasource(t, fixture)
	for q, want := range map[string]string{
		`{"view":"timeseries","interval":"15m"}`:                                       "interval: 15m0s is longer than the rule's time range of 10m0s",
		`{"view":"timeseries","interval":"1M"}`:                                        "interval: 720h0m0s is longer than the rule's time range",
		`{"view":"timeseries","interval":"1d","timezone":"Mars/Olympus","groupBy":[]}`: `timezone: "Mars/Olympus" is not a time zone`,
	} {
		if err := ask(t, d, true, q).Responses["A"].Error; err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", q, err, want)
		}
	}
}

// TestLabelsOfAlertsFitIntoAMessage: a panel's label is what filters match to the
// last character; in a message, a line break would begin a sentence of strangers.
func TestLabelsOfAlertsFitIntoAMessage(t *testing.T) {
	d := datasource(t, func(req source.Request) []model.Reading {
		all := fixture(req)
		all[0].Closed = []model.Stop{stop(1, "Kicked", "a", "x\nSeverity: none", time.Minute)}
		return all
	})
	const byName = `{"queryType":"stops","view":"totals","groupBy":["name"]}`
	for alert, want := range map[bool]string{true: `x\nSeverity: none`, false: "x\nSeverity: none"} {
		if got := ask(t, d, alert, byName).Responses["A"].Frames[0].Fields[0].Labels["name"]; got != want {
			t.Errorf("alert %v: got %q, want %q", alert, got, want)
		}
	}
}

// TestWhenGroupsWereLastSeen: a group without stops has no such time, and a rule
// that asks for it beside its number has a value for each of its alerts.
func TestWhenGroupsWereLastSeen(t *testing.T) {
	d := datasource(t, fixture)
	table := ask(t, d, false, `{"queryType":"stops","view":"table","groupBy":["reason"]}`).Responses["A"].Frames[0]
	reasons, _ := table.FieldByName("reason")
	times, _ := table.FieldByName("last_seen")
	told := map[string]time.Time{}
	for i := range reasons.Len() {
		if at, known := times.ConcreteAt(i); known {
			told[reasons.At(i).(string)] = at.(time.Time)
		}
	}
	for _, isAlert := range []bool{false, true} {
		counts := ask(t, d, isAlert, `{"queryType":"stops","view":"totals","groupBy":["reason"]}`).Responses["A"].Frames[0]
		last := ask(t, d, isAlert, `{"queryType":"stops","view":"totals","metric":"last_seen","groupBy":["reason"]}`).Responses["A"].Frames[0]
		if len(last.Fields) != len(counts.Fields) {
			t.Fatalf("%d groups have a time, %d a number", len(last.Fields), len(counts.Fields))
		}
		numbers := map[string]any{}
		for _, field := range counts.Fields {
			numbers[field.Labels["reason"]] = field.At(0)
		}
		for _, field := range last.Fields {
			at, known := field.ConcreteAt(0)
			if none := numbers[field.Labels["reason"]] == int64(0); none == known {
				t.Errorf("%s: stops %v, last seen %v", field.Labels["reason"], numbers[field.Labels["reason"]], at)
			}
			if known && !told[field.Labels["reason"]].Equal(time.UnixMilli(at.(int64))) {
				t.Errorf("%s: last seen at %v, in a table at %v", field.Labels["reason"], at, told[field.Labels["reason"]])
			}
			if field.Config.Unit != "dateTimeAsIso" {
				t.Errorf("the unit is %s", field.Config.Unit)
			}
		}
	}
}

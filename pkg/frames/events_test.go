package frames

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/natsops/nats-connections-datasource/pkg/chronicle"
	"github.com/natsops/nats-connections-datasource/pkg/model"
)

func TestEventsAreLogLinesAndAnnotations(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	server := model.Server{ID: "A", Name: "n1", Cluster: "c1", Version: "2.12.0", Start: noon}
	event := func(kind chronicle.Kind, length time.Duration, change func(*chronicle.Event)) chronicle.Event {
		e := chronicle.Event{Number: 7, Kind: kind, Label: "n1", Server: server, From: noon, To: noon.Add(length)}
		if change != nil {
			change(&e)
		}
		return e
	}
	for _, test := range []struct {
		event          chronicle.Event
		body, severity string
		title          string
		ends           bool
	}{
		{event(chronicle.FirstSeen, 0, nil), "n1 answers for the first time; it runs since 2026-03-01 12:00:00 UTC", "info", "n1: First seen", false},
		{event(chronicle.Restarted, time.Minute, nil),
			"n1 restarted: heard last at 2026-03-01 12:00:00 UTC, running again since 2026-03-01 12:01:00 UTC", "warning", "n1: Restarted", true},
		{event(chronicle.VersionChanged, 0, func(e *chronicle.Event) { e.Former = "2.11.0" }),
			"n1 went from version 2.11.0 to 2.12.0", "info", "n1: Version changed", false},
		{event(chronicle.Silent, 0, func(e *chronicle.Event) { e.To, e.Why = time.Time{}, "Refused." }),
			"n1 does not answer: Refused.", "error", "n1: No answer", false},
		{event(chronicle.Silent, 90*time.Second, func(e *chronicle.Event) { e.Why = "Refused." }),
			"n1 did not answer for 1m30s: Refused.", "error", "n1: No answer", true},
		{event(chronicle.Silent, 0, func(e *chronicle.Event) { e.To, e.Why = time.Time{}, "n1: Refused." }),
			"n1 does not answer: Refused.", "error", "n1: No answer", false},
		{event(chronicle.LameDuck, 0, nil), "n1 sends its clients away, since it is about to end", "info", "n1: Lame duck", false},
		{event(chronicle.RecordsLost, time.Minute, func(e *chronicle.Event) { e.Lost = 7 }),
			"n1 lost the records of 7 stops: more stopped than its ring holds", "warning", "n1: Records lost", true},
		{event(chronicle.ClockOff, time.Minute, func(e *chronicle.Event) { e.Offset = -20 * time.Second }),
			"n1 has a clock that is 20s behind Grafana's", "warning", "n1: Clock off", true},
		{event(chronicle.FabricSlow, time.Minute, func(e *chronicle.Event) { e.Slow = chronicle.Fabric{Routes: 2, Leafnodes: 1} }),
			"n1 cut off connections to other servers as slow consumers: 2 of routes, 0 of gateways, 1 of leafnodes", "critical", "n1: Slow fabric", true},
	} {
		frame, err := Events([]chronicle.Event{test.event})
		if err != nil {
			t.Fatal(err)
		}
		cell := func(name string) any {
			field, _ := frame.FieldByName(name)
			return field.At(0)
		}
		if cell("body") != test.body || cell("severity") != test.severity || cell("title") != test.title {
			t.Errorf("got %q, %q, %q", cell("body"), cell("severity"), cell("title"))
		}
		if end, _ := cell("timeEnd").(*time.Time); (end != nil) != test.ends || end != nil && !end.Equal(test.event.To) {
			t.Errorf("%s ends at %v", test.title, end)
		}
		raw, _ := cell("labels").(json.RawMessage)
		var labels map[string]string
		if err := json.Unmarshal(raw, &labels); err != nil {
			t.Fatal(err)
		}
		if labels["event"] != string(test.event.Kind) || labels["server"] != "n1" || labels["cluster"] != "c1" || labels["version"] != "2.12.0" {
			t.Errorf("labels %v", labels)
		}
	}
}

// TestEventsAreMarkedUpForNobody: a server's name and its answers are a stranger's
// text, and annotations are HTML.
func TestEventsAreMarkedUpForNobody(t *testing.T) {
	frame, err := Events([]chronicle.Event{{Kind: chronicle.Silent, Label: "<b>n1,\n", Why: "<img>"}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"title": "&lt;b&gt;n1,\\n: No answer", "text": "&lt;b&gt;n1,\\n does not answer: &lt;img&gt;", "tags": "silent,error,<b>n1‚\\n",
	}
	for name, text := range want {
		if field, _ := frame.FieldByName(name); field.At(0) != text {
			t.Errorf("%s is %q, want %q", name, field.At(0), text)
		}
	}
}

func TestEveryKindIsTold(t *testing.T) {
	kinds := []chronicle.Kind{
		chronicle.FirstSeen, chronicle.Restarted, chronicle.VersionChanged, chronicle.Silent, chronicle.LameDuck,
		chronicle.RecordsLost, chronicle.ClockOff, chronicle.FabricSlow,
	}
	if len(happenings) != len(kinds) || slices.ContainsFunc(kinds, func(k chronicle.Kind) bool { return happenings[k].tell == nil }) {
		t.Errorf("%d kinds are told", len(happenings))
	}
}
